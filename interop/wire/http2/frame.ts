/** The first nine bytes of a frame (RFC 9113, 4.1). */
export interface FrameHeader {
  readonly type: number;
  readonly flags: number;
  /** The reserved bit masked out. */
  readonly stream: number;
  /** Bytes of payload. */
  readonly length: number;
}

/** One frame as it was read. */
export interface Frame extends FrameHeader {
  /** Bytes before the frame's header in this direction; the client's preface counts. */
  readonly offset: number;
  /**
   * The payload; of DATA and of unknown types at most `keptBytes` of it. It may share
   * its memory with the bytes that were fed: whoever keeps it for long copies it.
   */
  readonly payload: Buffer;
}
