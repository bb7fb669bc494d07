import { execa } from 'execa';

/** The sentence that says why no container can be started, or undefined when a Docker engine answers. */
export async function whyNoEngine(): Promise<string | undefined> {
  const result = await execa('docker', ['version', '--format', '{{.Server.Version}}'], {
    reject: false,
    stdin: 'ignore',
    timeout: 10_000,
  });
  if (!result.failed) return undefined;
  if (result.code === 'ENOENT') return 'there is no docker command';
  return `no Docker engine answers: ${result.stderr.split('\n')[0] || result.shortMessage}`;
}
