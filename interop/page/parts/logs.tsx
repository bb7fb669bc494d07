import type { Logs as CellLogs } from '../../model/log.ts';
import type { Role } from '../../model/peer.ts';
import { Scroller } from './scroller.tsx';
import { Verbatim } from './verbatim.tsx';

const shownLines = 1_000;

/** What both sides wrote on standard error, side by side, on the cell's clock. */
export function Logs({ logs, client, server }: { logs: CellLogs; client: string; server: string }) {
  const lines = (['client', 'server'] as const)
    .flatMap((role) => logs[role].map((line) => ({ ...line, role: role as Role })))
    .toSorted((a, b) => a.atMs - b.atMs);
  if (lines.length === 0) return <p class="quiet">Neither side wrote anything on standard error.</p>;
  const hidden = lines.length - shownLines;
  return (
    <section aria-label="standard error of both sides">
      <h3>Standard error</h3>
      <Scroller class="logs" label="standard error, on the cell's clock">
        {hidden > 0 && <p class="quiet">{hidden} earlier lines are not drawn; the run's log has them.</p>}
        <table class="log-lines">
          <thead>
            <tr>
              <th scope="col">ms</th>
              <th scope="col">{client} client</th>
              <th scope="col">{server} server</th>
            </tr>
          </thead>
          <tbody>
            {lines.slice(-shownLines).map(({ atMs, text, role }, index) => (
              <tr key={index}>
                <td class="time">{atMs.toFixed(2)}</td>
                <td>{role === 'client' && <Verbatim text={text} />}</td>
                <td>{role === 'server' && <Verbatim text={text} />}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroller>
    </section>
  );
}
