// One call, as a client makes it, step by step.
import { setTimeout as delay } from 'node:timers/promises';
import type { DescMethod, Message } from '@bufbuild/protobuf';
import { type CallOptions, ConnectError, createClient } from '@connectrpc/connect';
import { createWritableIterable } from '@connectrpc/connect/protocol';
import { transportOf } from './channel.ts';
import type { Call, Metadatum, Row, Status } from './contract.ts';
import { only, parse, record, serialize, UnusableError } from './messages.ts';
import { append, toEntries } from './metadata.ts';

/** A method of a client, whatever its kind: where there is one response, it is promised. */
type Rpc = (input: unknown, options: CallOptions) => Promise<Message> | AsyncIterable<Message>;

export class Conversation {
  readonly #id: string;
  readonly #call: Call;
  readonly #method: DescMethod;
  readonly #seen = {
    status: {} as Status,
    responses: [] as Row[],
    headers: [] as Metadatum[],
    trailers: [] as Metadatum[],
    sent: 0,
  };
  readonly #requests = createWritableIterable<Message>();
  readonly #cancelled = new AbortController();
  readonly #ended = new AbortController();
  #responses?: AsyncIterator<Message>;
  /** Reads of responses that are not taken yet; only the last one may be under way. */
  readonly #reads: Promise<IteratorResult<Message>>[] = [];

  constructor(id: string, call: Call, method: DescMethod) {
    this.#call = call;
    this.#method = method;
    this.#id = id;
  }

  /** Makes the call, and tells what the library tells of it. */
  async make(): Promise<object> {
    const id = this.#id;
    const seen = this.#seen;
    const startedMs = performance.now();
    try {
      await this.#play();
    } catch (error) {
      this.#cancelled.abort();
      if (error instanceof UnusableError) return { id, unusable: error.message };
      const { code, rawMessage: message, metadata } = ConnectError.from(error);
      seen.status = { code, message };
      // An error has headers and trailers as one; it has none that did not come from the server.
      const merged = toEntries(metadata);
      if (merged.length > 0) seen.headers = merged;
    }
    return { id, ...seen, elapsedMs: performance.now() - startedMs };
  }

  /** Does the steps, then what is left to do; rejects with a status that is not OK. */
  async #play(): Promise<void> {
    const { steps = [] } = this.#call;
    const { input, proto } = this.#method;
    if (proto.clientStreaming) this.#begin(this.#requests);
    for (const { send, times, close, receive, waitMs, cancel } of steps) {
      if (send !== undefined && !(await this.#send(parse(input, send), times))) break;
      if (close) this.#requests.close();
      if (receive !== undefined) await this.#receive(receive);
      if (waitMs !== undefined)
        await delay(waitMs, undefined, { signal: this.#ended.signal }).catch(() => {});
      if (cancel) this.#cancelled.abort();
    }
    if (!this.#cancelled.signal.aborted) this.#requests.close();
    await this.#receive(-1);
  }

  #begin(input: unknown): void {
    const { channel = {}, compression = '', metadata = [], timeoutMs = 0 } = this.#call;
    const service = { ...this.#method.parent, methods: [this.#method] };
    const client = createClient(service, transportOf(channel, compression));
    const rpc = client[this.#method.localName] as unknown as Rpc;
    const headers = new Headers();
    append(headers, [...metadata, { key: 'stitch-call-id', text: this.#id }]);
    const output = rpc(input, {
      headers,
      timeoutMs,
      signal: this.#cancelled.signal,
      onHeader: (headers) => {
        this.#seen.headers = toEntries(headers);
      },
      onTrailer: (trailers) => {
        this.#seen.trailers = toEntries(trailers);
        this.#ended.abort();
      },
    });
    this.#responses = (output instanceof Promise ? only(output) : output)[Symbol.asyncIterator]();
    this.#read();
  }

  /**
   * Reads one more response, before it is wanted: nobody would know of the call's end
   * otherwise, and one that fails while nobody reads is an unhandled rejection.
   */
  #read(): void {
    const read = (this.#responses as AsyncIterator<Message>).next();
    read.catch(() => this.#ended.abort());
    this.#reads.push(read);
  }

  /** Sends a request so many times, each when the library takes it; false when the call takes no more. */
  async #send(message: Message, times = 1): Promise<boolean> {
    if (!this.#method.proto.clientStreaming) {
      this.#begin(message);
      this.#seen.sent = 1;
      return true;
    }
    for (let left = times || 1; left > 0; left--) {
      if (!(await this.#taken(this.#requests.write(message)))) return false;
      this.#seen.sent++;
    }
    return true;
  }

  /**
   * Whether the library takes a request. It never tells when the server has ended the call early,
   * but behind the responses: so they are read meanwhile.
   */
  async #taken(write: Promise<void>): Promise<boolean> {
    const written = write.then(() => true);
    for (;;) {
      const first = await Promise.race([written, this.#reads.at(-1)]).catch(() => false);
      if (typeof first === 'boolean') return first;
      if (first?.done) return false;
      this.#read();
    }
  }

  /** Takes so many responses, fewer when the call ends, all when it is told -1. */
  async #receive(count: number): Promise<void> {
    for (let left = count; left !== 0; left--) {
      const result = await this.#reads[0];
      if (result === undefined || result.done) return;
      record(this.#seen.responses, serialize(this.#method.output, result.value));
      this.#reads.shift();
      if (this.#reads.length === 0) this.#read();
    }
  }
}
