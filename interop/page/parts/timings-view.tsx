import { callsOf, quantile } from '../../outcome/latency.ts';
import { latenciesOf, type Timings } from '../../outcome/timings.ts';
import type { Run } from '../run.ts';
import { address, go } from '../state.ts';
import { DotPlot } from './dot-plot.tsx';
import { PairTable } from './matrix-view.tsx';
import { Scroller } from './scroller.tsx';

const caveat =
  'Measured on a machine that did other things as well, by each client’s own clock: for comparison inside one run, and not as a benchmark.';

/** Rows of a chart; more are not told apart. */
const shownRows = 40;

interface Latency {
  readonly pairing: string;
  readonly calls: number;
  readonly quantiles: readonly [median: number, p90: number, p99: number];
}

function latencyOf(timings: Timings, pairing: string): Latency | undefined {
  const counts = latenciesOf(timings, pairing);
  const calls = callsOf(counts);
  const [median, p90, p99] = [0.5, 0.9, 0.99].map((share) => quantile(counts, share) ?? 0);
  return calls === 0 ? undefined : { pairing, calls, quantiles: [median ?? 0, p90 ?? 0, p99 ?? 0] };
}

/** What a plain call took in each pairing. */
export function LatencyView({ run }: { run: Run }) {
  const { clients, servers } = run;
  const found = clients
    .flatMap((client) => servers.map((server) => latencyOf(run.timings, `${client}/${server}`)))
    .filter((each) => each !== undefined);
  const byPairing = new Map(found.map((each) => [each.pairing, each]));
  const slowest = found.toSorted((a, b) => b.quantiles[0] - a.quantiles[0]).slice(0, shownRows);
  return (
    <>
      <p class="quiet">
        Calls one after another on the pairing’s own channel, without deadline, metadata or compression.{' '}
        {caveat}
      </p>
      <PairTable
        run={run}
        caption="latency of a plain call in ms: median, 90th and 99th percentile, number of calls"
        cell={(client, { servers: [server] }, place) => {
          const latency = byPairing.get(`${client}/${server}`);
          return latency ? (
            <LatencyButton latency={latency} place={place} />
          ) : (
            <span class="quiet">no calls</span>
          );
        }}
      />
      <DotPlot
        title={`Latency in ms, the slowest ${slowest.length} of ${found.length} pairings first`}
        rows={slowest.map(({ pairing }) => pairing.replace('/', ' → '))}
        series={(['median', '90th percentile', '99th percentile'] as const).map((name, index) => ({
          name,
          values: slowest.map(({ quantiles }) => quantiles[index] ?? 0),
        }))}
      />
    </>
  );
}

function LatencyButton({
  latency: { pairing, calls, quantiles },
  place,
}: {
  latency: Latency;
  place: string;
}) {
  const [median, p90, p99] = quantiles.map(milliseconds);
  const [client, server] = pairing.split('/');
  return (
    <button
      type="button"
      class={`place latency ${address.value.at.startsWith(pairing) ? 'open' : ''}`}
      data-place={place}
      data-pairing={pairing}
      tabIndex={place === '0,0' ? 0 : -1}
      onClick={() => go({ at: pairing, round: 0 })}
    >
      <span class="unseen">{`${client} client, ${server} server: `}</span>
      <b>{median}</b>{' '}
      <span>
        {p90} · {p99}
      </span>{' '}
      <span class="quiet">{calls} calls</span>
    </button>
  );
}

/** What each peer took to build and to say its first line, in each role. */
export function StartUpView({ run }: { run: Run }) {
  const { clients, servers } = run;
  const names = [...new Set([...clients, ...servers])];
  const startsOf = (peer: string, role: string) =>
    (run.timings.startUps.get(`${peer}/${role}`) ?? []).map(({ startupMs }) => startupMs);
  return (
    <>
      <p class="quiet">From the start of the program to its first line. {caveat}</p>
      <Scroller label="start-up times">
        <table class="start-ups">
          <caption>start-up in ms, each start; build and cells in seconds</caption>
          <thead>
            <tr>
              <th scope="col">peer</th>
              <th scope="col">server</th>
              <th scope="col">client</th>
              <th scope="col">build</th>
              <th scope="col">its cells as a server, of that waiting</th>
              <th scope="col">as a client</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => {
              const build = run.timings.builds.get(name);
              return (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {(['server', 'client'] as const).map((role) => (
                    <td key={role}>{startsOf(name, role).map(Math.round).join(', ') || '–'}</td>
                  ))}
                  <td>{build ? (build.cached ? 'was built' : (build.buildMs / 1000).toFixed(1)) : '–'}</td>
                  {(['server', 'client'] as const).map((role) => (
                    <td key={`cells ${role}`}>{cellTimes(run.timings, `${name}/${role}`)}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroller>
      <DotPlot
        title="First start in ms"
        rows={names.slice(0, shownRows)}
        series={(['server', 'client'] as const).map((role) => ({
          name: role,
          values: names.slice(0, shownRows).map((name) => startsOf(name, role)[0]),
        }))}
      />
    </>
  );
}

function cellTimes({ cells }: Timings, key: string): string {
  const times = cells.get(key);
  if (!times) return '–';
  const [all, waiting] = [times.ms, times.waitingMs].map((ms) => (ms / 1000).toFixed(1));
  return `${all}, ${waiting}`;
}

function milliseconds(ms: number): string {
  return ms < 100 ? ms.toPrecision(2) : String(Math.round(ms));
}
