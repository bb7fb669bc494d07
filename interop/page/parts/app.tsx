import { cellId } from '../../model/cell.ts';
import type { Run } from '../run.ts';
import { address, shown, trouble } from '../state.ts';
import { CellDetail } from './cell.tsx';
import { Head } from './head.tsx';
import { Foot } from './legend.tsx';
import { isWide, MatrixView } from './matrix-view.tsx';
import { Overview } from './overview.tsx';
import { Pair } from './pair.tsx';
import { ScenariosView } from './scenarios-view.tsx';
import { LatencyView, StartUpView } from './timings-view.tsx';
import { Tools } from './tools.tsx';

export function App() {
  const { run } = shown.value ?? {};
  return (
    <>
      {trouble.value && (
        <p class="notice" role="alert">
          {trouble.value}
        </p>
      )}
      {run ? <Page run={run} /> : <p class="quiet">Reading the run …</p>}
      <Foot />
    </>
  );
}

function Page({ run }: { run: Run }) {
  return (
    <>
      <Head />
      <Tools />
      <main class={isWide(run) ? 'wide' : ''}>
        <section class="view" aria-label="the run">
          <View run={run} />
        </section>
        <section class="detail" aria-label="details">
          <Opened run={run} />
        </section>
      </main>
    </>
  );
}

function View({ run }: { run: Run }) {
  const { view } = address.value;
  switch (view) {
    case 'matrix':
      return <MatrixView run={run} />;
    case 'scenarios':
      return <ScenariosView run={run} />;
    case 'latency':
      return <LatencyView run={run} />;
    case 'start-up':
      return <StartUpView run={run} />;
    default:
      return view satisfies never;
  }
}

/** What the address names; what it names and the run has not is not opened. */
function Opened({ run }: { run: Run }) {
  const { at } = address.value;
  const [client = '', server = '', ...scenario] = at.split('/');
  if (at === '') return <Overview run={run} />;
  const isPlanned = run.matrix.started?.cells.some(
    (cell) => cell.client === client && cell.server === server,
  );
  if (scenario.length === 0 && isPlanned) return <Pair key={at} run={run} client={client} server={server} />;
  const cell = run.cells.get(cellId({ client, server, scenario: scenario.join('/') }));
  if (cell) return <CellDetail key={at} run={run} cell={cell} />;
  return <p>{`This run has no ${scenario.length === 0 ? 'pairing' : 'cell'} ${at}.`}</p>;
}
