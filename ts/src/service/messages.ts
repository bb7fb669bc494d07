// The messages of ../../../proto/expirement.proto, as proto-loader gives them: a field that is not in the
// bytes is not in the object. By hand, because proto-loader-gen-types writes both Expirement.ts (the message)
// and expirement.ts (the file) into one folder: a disk that does not tell case apart, as most Macs have,
// keeps one of the two.
import type { handleUnaryCall } from '@grpc/grpc-js';

/** Asks for one row. */
export interface NameRequest {
  /** Compared exactly: case, blanks and Unicode form. */
  readonly name?: string;
}

/** One row of the table. */
export interface Expirement {
  readonly name?: string;
  readonly id?: number;
  readonly skill?: string;
}

/** A handler of /Manage/PickOne. */
export type PickOne = handleUnaryCall<NameRequest, Expirement>;
