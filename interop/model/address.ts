/** The two parts of `127.0.0.1:40123`, or of `[::1]:40123`: an IPv6 address is in brackets only where a port is behind it. */
export function hostAndPort(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, colon).replace(/^\[(.*)\]$/, '$1'),
    port: Number(address.slice(colon + 1)),
  };
}
