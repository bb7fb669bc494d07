/** Frames in words. */
import { codeName } from '../model/status.ts';
import type {
  Header,
  WireFrame,
  WireHalf,
  WireHandshake,
  WireMessage,
  WireProblem,
  WireStream,
  WireTrouble,
} from '../model/wire.ts';
import { percentDecoded } from '../witness/crossed.ts';
import { count } from './text.ts';

/** `HEADERS, 27 bytes, END_HEADERS`. */
export function frameText({ type, length, flags, stream }: WireFrame): string {
  const of = stream === 0 ? ' (connection)' : '';
  const size = type === 'DATA' || length > 0 ? `, ${count(length, 'byte')}` : '';
  return `${type}${of}${size}${flags.length > 0 ? `, ${flags.join(' ')}` : ''}`;
}

/** What the frame says, a line each; what a peer wrote in it is as it wrote it. */
export function contentLines(frame: WireFrame, stream: WireStream): readonly string[] {
  const half = frame.from === 'client' ? stream.request : stream.response;
  const messages =
    frame.stream === 0 ? [] : half.messages.filter((message) => message.frame === frame.number);
  return [
    ...(frame.says ? [frame.says] : []),
    ...blockOf(frame, half).map(headerText),
    ...messages.flatMap(messageLines),
    ...(messages.length === 0 && frame.hex ? [frame.hex] : []),
  ];
}

function blockOf({ number, headers, stream }: WireFrame, half: WireHalf): readonly Header[] {
  if (headers || stream === 0) return headers ?? [];
  if (number === half.trailersFrame) return half.trailers;
  return number === half.headersFrame ? half.headers : [];
}

function headerText({ name, value }: Header): string {
  if (name === 'grpc-status') return `${name}: ${value} (${codeName(Number(value))})`;
  const decoded = name === 'grpc-message' ? percentDecoded(value) : value;
  return decoded === value ? `${name}: ${value}` : `${name}: ${value} (${JSON.stringify(decoded)})`;
}

function messageLines({ flag, length, json, hex, problem, isCut }: WireMessage): readonly string[] {
  const what = json !== undefined ? JSON.stringify(json) : isCut ? 'too long to be decoded' : 'not decoded';
  return [
    `message of ${count(length, 'byte')}${flag === 0 ? '' : `, compressed flag ${flag}`}: ${what}`,
    ...(problem ? [problem] : []),
    hex,
  ];
}

/** How a connection was encrypted, or not, a line each: what the client says, what the server says, what each shows, who refuses. */
export function handshakeLines(handshake: WireHandshake): readonly string[] {
  const { connection, serverName, offers, versions, version, suite, protocol, alerts, unread } = handshake;
  const { serverCertificates, clientCertificates, asksCertificate, clientBytes, serverBytes } = handshake;
  const list = (items: readonly string[]) => (items.length === 0 ? 'none' : items.join(', '));
  const chosen = [version, suite, protocol === undefined ? 'no protocol' : `protocol ${protocol}`];
  return [
    `connection ${connection}, encrypted`,
    `client: server name ${serverName ?? 'none'}, protocols ${list(offers)}, versions ${list(versions)}`,
    version === undefined ? 'server: no answer to that' : `server: ${chosen.filter(Boolean).join(', ')}`,
    ...(serverCertificates ? [`server's certificates: ${list(serverCertificates)}`] : []),
    ...(asksCertificate ? ["server: asks for the client's certificate"] : []),
    ...(clientCertificates ? [`client's certificates: ${list(clientCertificates)}`] : []),
    ...alerts.map(({ from, name }) => `${from}: alert ${name}`),
    `application data: ${count(clientBytes, 'byte')} from the client, ${count(serverBytes, 'byte')} from the server`,
    ...(unread ? [`not read: ${unread}`] : []),
  ];
}

/** What kept a call from crossing, or the harness from reading it. */
export function troubleText(trouble: WireTrouble): string {
  const who = `connection ${trouble.connection}`;
  switch (trouble.kind) {
    case 'opaque':
      return `${who}: encrypted, relayed unread`;
    case 'invalid':
      return `${who}: ${problemText(trouble.problem)}; relayed unread from there`;
    case 'refused':
      return `${who}: nobody took it at the server's address: ${trouble.reason}`;
    case 'silent':
      return `${who}: the server has not sent a byte`;
    case 'closed':
      return `${who}: closed by the ${trouble.by} (${trouble.how})`;
    default:
      return trouble satisfies never;
  }
}

/** `byte 9 from the client: wanted …, got …`. */
export function problemText({ from, offset, wanted, got }: WireProblem): string {
  return `byte ${offset} from the ${from}: wanted ${wanted}, got ${got}`;
}
