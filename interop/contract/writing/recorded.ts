/** A call as it crossed → a case: what the client sent and what came back, such as any server and client can be held to. */
import type { Registry } from '@bufbuild/protobuf';
import { AnySchema } from '@bufbuild/protobuf/wkt';
import { UsageError } from '../../errors.ts';
import type { Method } from '../../messages/types.ts';
import type { ClientStep, Metadatum } from '../../model/call.ts';
import type { Json, Message } from '../../model/message.ts';
import { givesOneResponse, takesOneRequest } from '../../model/method.ts';
import { Code, codeName } from '../../model/status.ts';
import type { CaseText } from './case-text.ts';
import type { YamlMap, YamlValue } from './yaml-text.ts';
import { yamlValue } from './yaml-value.ts';

/** What is recorded. Messages are those that crossed, each by itself. */
export interface Heard {
  readonly method: Method;
  /** What the client was told to do. */
  readonly steps: readonly ClientStep[];
  readonly metadata: readonly Metadatum[];
  readonly requests: readonly Message[];
  readonly responses: readonly Message[];
  readonly headers: readonly Metadatum[];
  readonly trailers: readonly Metadatum[];
  readonly code: number;
  readonly message: string;
  readonly details?: readonly Json[];
}

/** Throws a UsageError that says what cannot be said in a case. */
export function recordedCase(name: string, heard: Heard, registry: Registry): CaseText {
  const { method, code } = heard;
  if (!Object.values<number>(Code).includes(code)) throw cannot(`the status was ${codeName(code)}`);
  if (givesOneResponse(method.kind) && code === Code.OK && heard.responses.length !== 1)
    throw cannot(`OK came with ${heard.responses.length} responses, where the method has one`);
  const requests = heard.requests.map((each) => messageValue(each, method.request, registry));
  const responses = heard.responses.map((each) => messageValue(each, method.response, registry));
  return {
    name,
    ...(heard.steps.some((step) => 'receive' in step || 'close' in step)
      ? { exchange: exchangeOf(heard, requests, responses) }
      : plainOf(heard, requests, responses)),
    ...(code !== Code.OK && { status: statusOf(heard, registry) }),
    ...metadataOf('metadata', heard.metadata),
    ...metadataOf('headers', heard.headers.filter(isOfTheApplication)),
    ...metadataOf('trailers', heard.trailers.filter(isOfTheApplication)),
  };
}

function cannot(why: string): UsageError {
  return new UsageError(`nothing was recorded: ${why}`);
}

function messageValue({ json, problem }: Message, type: Method['request'], registry: Registry): YamlValue {
  if (json === undefined)
    throw cannot(`a message that crossed ${problem ?? 'was too long to be read, or one of too many'}`);
  return yamlValue(json, type, registry);
}

function plainOf(
  { method: { kind }, code }: Heard,
  requests: readonly YamlValue[],
  responses: readonly YamlValue[],
): YamlMap {
  const [request] = requests;
  const [response] = responses;
  return {
    ...(takesOneRequest(kind) ? request !== undefined && { request } : { requests }),
    ...(givesOneResponse(kind)
      ? response !== undefined && { response }
      : (responses.length > 0 || code === Code.OK) && { responses }),
  };
}

/** In the order in which the client was to do it; what it did not wait for comes at the end. */
function exchangeOf(
  { method, steps }: Heard,
  requests: readonly YamlValue[],
  responses: readonly YamlValue[],
): readonly YamlValue[] {
  const [toSend, toReceive] = [[...requests], [...responses]];
  const receive = (count: number) => toReceive.splice(0, count).map((each) => ({ receive: each }));
  const said = steps.flatMap((step): readonly YamlValue[] => {
    if ('send' in step) return toSend.splice(0, 1).map((send) => ({ send }));
    if ('receive' in step) return receive(step.receive < 0 ? Infinity : step.receive);
    if ('waitMs' in step) return [{ wait: `${step.waitMs}ms` }];
    return 'close' in step ? ['close'] : [];
  });
  const isOpen = !takesOneRequest(method.kind) && !said.includes('close');
  return [...said, ...(isOpen ? ['close'] : []), ...receive(Infinity)];
}

function statusOf({ code, message, details }: Heard, registry: Registry): YamlValue {
  const name = codeName(code);
  if (message === '' && !details) return name;
  return {
    code: name,
    message,
    ...(details && { details: details.map((detail) => yamlValue(detail, AnySchema, registry)) }),
  };
}

/** What HTTP servers and proxies add by themselves, and no other server would. */
const ofTheTransport =
  /^(?:server|via|vary|connection|alt-svc|content-length|x-envoy-.*|x-request-id|traceparent)$/;

function isOfTheApplication({ key }: Metadatum): boolean {
  return !ofTheTransport.test(key);
}

/** A value for each key, or a list of them. */
function metadataOf(what: string, entries: readonly Metadatum[]): YamlMap {
  if (entries.length === 0) return {};
  const byKey = Map.groupBy(entries, ({ key }) => key);
  const values = [...byKey].map(([key, same]): readonly [string, YamlValue] => {
    const texts = same.map((entry) => ('text' in entry ? entry.text : entry.binary));
    const [only = ''] = texts;
    return [key, texts.length === 1 ? only : texts];
  });
  return { [what]: Object.fromEntries(values) };
}
