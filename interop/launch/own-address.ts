import { BlockList } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The IPv4 address that this machine has in one of the subnets (`172.17.0.0/16`), if it has one. */
export function ownAddressIn(subnets: readonly string[]): string | undefined {
  const list = new BlockList();
  for (const subnet of subnets) {
    const [network = '', bits = ''] = subnet.split('/');
    if (network.includes('.')) list.addSubnet(network, Number(bits), 'ipv4');
  }
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  return own.find(({ family, address }) => family === 'IPv4' && list.check(address))?.address;
}
