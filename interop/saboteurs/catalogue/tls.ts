/** Who lies before a connection is encrypted, and who only does what is unusual there. */
import { both, broken, client, failed, type More, type Saboteur, server } from './saboteur.ts';

/** Both sides are to believe each other. */
const believed = [
  'tls/plain-call',
  'tls/rsa',
  'tls/intermediate',
  'tls/1.*',
  'tls/ip-address',
  'mtls/plain-call',
  'mtls/client-name',
];
/** The client is not to believe the server. */
const serverRefused = [
  'tls/unknown-ca',
  'tls/expired',
  'tls/not-yet-valid',
  'tls/wrong-name',
  'tls/no-intermediate',
  'tls/wrong-purpose',
  'tls/common-name-only',
  'tls/name-for-address',
];
const clientRefused = ['mtls/no-certificate', 'mtls/unknown-ca', 'mtls/expired', 'mtls/wrong-purpose'];
/** At first. */
const recovers = 'tls/recovers';
/** Both sides encrypt. */
const handshakes = [...believed, ...serverRefused, ...clientRefused];

/** All that is encrypted, and something that is not. */
const patient: More = { plays: ['tls/*', 'mtls/*', 'pick/stitch'] };
/** The keys of the other end will do; but the doctor has no other end. */
const wrongKeys: More = { ...patient, isToldByDoctor: true };
/** For those who never find a connection: they would wait for it until the deadline. */
const encrypted: More = { plays: [...handshakes, 'tls/plaintext-*', 'pick/stitch'] };

const clients: readonly Saboteur[] = [
  client(
    'believes-any-server',
    'Encrypts, and looks at no certificate.',
    [failed('wire', ...serverRefused, recovers)],
    patient,
  ),
  client(
    'believes-any-authority',
    'Believes certificates that lead to nobody whom it trusts.',
    [failed('wire', 'tls/unknown-ca', 'tls/no-intermediate')],
    encrypted,
  ),
  client(
    'looks-at-no-dates',
    'Believes certificates that have expired, or are not valid yet.',
    [failed('wire', 'tls/expired', 'tls/not-yet-valid', recovers)],
    patient,
  ),
  client(
    'looks-at-no-purpose',
    'Believes a server that shows the certificate of a client.',
    [failed('wire', 'tls/wrong-purpose')],
    encrypted,
  ),
  client(
    'looks-at-no-name',
    'Believes a certificate for whatever name.',
    [failed('wire', 'tls/wrong-name', 'tls/common-name-only', 'tls/name-for-address')],
    encrypted,
  ),
  client(
    'believes-the-common-name',
    'Takes the common name where a certificate has no other.',
    [failed('wire', 'tls/common-name-only')],
    encrypted,
  ),
  client(
    'takes-a-name-for-an-address',
    'Takes a name that spells an address for that address.',
    [failed('wire', 'tls/name-for-address')],
    encrypted,
  ),
  client(
    'calls-in-the-open',
    'Does not encrypt, whatever it is told.',
    [failed('wire', ...handshakes, 'tls/plaintext-server')],
    encrypted,
  ),
  client(
    'says-no-server-name',
    'Does not say which server it wants.',
    [failed('wire', ...handshakes.filter((name) => !/address/.test(name)), 'tls/plaintext-server')],
    encrypted,
  ),
  client(
    'says-its-address-as-name',
    'Says an address as the name of the server.',
    [failed('wire', 'tls/ip-address', 'tls/name-for-address')],
    encrypted,
  ),
  client(
    'offers-no-protocol',
    'Does not say that it will speak HTTP/2.',
    [failed('wire', ...handshakes, 'tls/plaintext-server')],
    encrypted,
  ),
  client(
    'keeps-its-certificate',
    'Shows no certificate to a server that asks for it.',
    [failed('wire', 'mtls/plain-call', 'mtls/client-name')],
    encrypted,
  ),
  client(
    'shows-another-certificate',
    'Shows a certificate that it was not given.',
    [failed('wire', 'mtls/plain-call', 'mtls/client-name')],
    encrypted,
  ),
  client(
    'says-internal-of-refusals',
    'Says INTERNAL where a connection cannot be had.',
    [failed('client', ...serverRefused, ...clientRefused, recovers, 'tls/plaintext-server')],
    patient,
  ),
  client(
    'is-slow-about-refusals',
    'Tells 2.5 s later than it could that a connection cannot be had.',
    [failed('client', 'tls/expired', 'tls/plaintext-server', 'mtls/no-certificate')],
    { isSlow: true, plays: ['tls/plain-call', 'tls/expired', 'tls/plaintext-server', 'mtls/no-certificate'] },
  ),
  client(
    'says-nothing-of-refusals',
    'Does not tell that a connection cannot be had.',
    [broken('client', 'call', 'said nothing about call', 'tls/expired')],
    { plays: ['tls/plain-call', 'tls/expired'] },
  ),
  client('speaks-tls-1.2', 'Speaks TLS 1.2 and nothing newer.', [failed('wire', 'tls/1.3')], encrypted),
];

const servers: readonly Saboteur[] = [
  server(
    'asks-for-no-certificate',
    'Does not ask its clients for a certificate.',
    [failed('wire', 'mtls/*')],
    encrypted,
  ),
  server(
    'believes-any-client',
    'Asks its clients for a certificate, and takes any, or none.',
    [failed('client', ...clientRefused)],
    encrypted,
  ),
  server(
    'believes-no-client',
    'Refuses the clients that it is to believe.',
    [failed('client', 'mtls/plain-call', 'mtls/client-name')],
    encrypted,
  ),
  server(
    'serves-in-the-open',
    'Does not encrypt, whatever it is told.',
    [failed('wire', ...handshakes), failed('client', 'tls/plaintext-client')],
    encrypted,
  ),
  server(
    'chooses-no-protocol',
    'Does not say that it will speak HTTP/2.',
    [failed('wire', ...handshakes)],
    encrypted,
  ),
  server(
    'omits-the-intermediate',
    'Sends its own certificate and not that of its authority.',
    [failed('wire', 'tls/intermediate')],
    encrypted,
  ),
  server(
    'shows-another-leaf',
    'Shows a certificate that it was not given.',
    [failed('wire', ...handshakes)],
    encrypted,
  ),
  server(
    'ignores-the-version',
    'Speaks every version of TLS where it is to speak one.',
    [failed('wire', 'tls/1.2')],
    encrypted,
  ),
  server(
    'speaks-nothing-but-tls-1.2',
    'Speaks TLS 1.2, whichever version it is to speak.',
    [failed('wire', 'tls/1.3')],
    encrypted,
  ),
  server(
    'invents-the-clients-name',
    'Tells another name than its client has shown.',
    [failed('server', 'mtls/client-name')],
    encrypted,
  ),
  server(
    'forgets-the-clients-name',
    'Does not tell whom it has served.',
    [failed('server', 'mtls/client-name')],
    encrypted,
  ),
  server(
    'serves-before-it-refuses',
    'Serves a client before it finds that it is not to be believed.',
    [failed('server', ...clientRefused)],
    encrypted,
  ),
];

/** Every scenario must be green. */
const odd: readonly Saboteur[] = [
  client('offers-http-1-too', 'Would speak HTTP/1.1 as well.', [], patient),
  client('resumes-sessions', 'Resumes a session that it had before.', [], patient),
  server('prefers-tls-1.2', 'Speaks TLS 1.2 where it may.', [], patient),
  server('asks-for-another-curve', 'Has its clients begin the handshake once more.', [], patient),
  server('gives-no-tickets', 'Gives no tickets of its own.', [], patient),
  ...both('writes-tiny-records', 'Writes records of one byte.', () => [], patient),
  ...both('prefers-chacha', 'Speaks ChaCha20 and nothing else.', () => [], patient),
  ...both('never-says-goodbye', 'Ends connections without close_notify.', () => [], patient),
  ...both(
    'keeps-its-keys',
    'Tells no keys, though it says that it does: those of the other end will do.',
    () => [],
    wrongKeys,
  ),
  ...both('tells-keys-of-another-connection', 'Tells keys of another connection.', () => [], wrongKeys),
  ...both('tells-wrong-keys', 'Tells keys that open nothing.', () => [], wrongKeys),
];

export const tlsCatalogue: readonly Saboteur[] = [...clients, ...servers, ...odd];
