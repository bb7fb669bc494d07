/** A header block that cannot be decoded; what follows it on the connection cannot be either. */
export class HpackError extends Error {
  override readonly name = 'HpackError';
  /** Bytes before it in the header block. */
  readonly offset: number;
  readonly wanted: string;
  readonly got: string;

  constructor(offset: number, wanted: string, got: string) {
    super(`wanted ${wanted}; got ${got}`);
    this.offset = offset;
    this.wanted = wanted;
    this.got = got;
  }
}
