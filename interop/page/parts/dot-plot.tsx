import {
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'preact/hooks';

Chart.register(CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

interface Series {
  readonly name: string;
  /** One a row; undefined: there is none. */
  readonly values: readonly (number | undefined)[];
}

interface DotPlotProps {
  readonly title: string;
  readonly rows: readonly string[];
  readonly series: readonly Series[];
}

/** Shapes differ as well as colours. */
const points = ['circle', 'triangle', 'rectRot'] as const;

/** A line for each row, a dot for each series. The table beside it has the same numbers for who does not see it. */
export function DotPlot({ title, rows, series }: DotPlotProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const content = JSON.stringify({ rows, series });

  useEffect(() => {
    if (!canvas.current) return;
    const dark = matchMedia('(prefers-color-scheme: dark)');
    let chart = draw(canvas.current, rows, series);
    function again(): void {
      chart.destroy();
      if (canvas.current) chart = draw(canvas.current, rows, series);
    }
    dark.addEventListener('change', again);
    return () => {
      dark.removeEventListener('change', again);
      chart.destroy();
    };
  }, [content]);

  if (rows.length === 0) return null;
  return (
    <figure class="chart">
      <figcaption>{title}</figcaption>
      <div style={{ height: `${rows.length * 26 + 70}px` }}>
        <canvas ref={canvas} role="img" aria-label={`${title}: the numbers are in the table above`} />
      </div>
    </figure>
  );
}

function draw(canvas: HTMLCanvasElement, rows: readonly string[], series: readonly Series[]): Chart {
  const { color: text, fontFamily } = getComputedStyle(canvas);
  const line = colourOf(canvas, '--rule');
  const font = { family: fontFamily, size: 13 };
  return new Chart(canvas, {
    type: 'line',
    data: {
      labels: [...rows],
      datasets: series.map(({ name, values }, index) => ({
        label: name,
        data: values.map((value) => value ?? null),
        showLine: false,
        pointStyle: points[index % points.length] ?? 'circle',
        pointRadius: 6,
        borderColor: colourOf(canvas, `--series-${index + 1}`),
        backgroundColor: colourOf(canvas, `--series-${index + 1}`),
      })),
    },
    options: {
      indexAxis: 'y',
      animation: false,
      maintainAspectRatio: false,
      color: text,
      plugins: { legend: { labels: { usePointStyle: true, color: text, font } } },
      scales: {
        x: { beginAtZero: true, ticks: { color: text, font }, grid: { color: line } },
        y: { ticks: { color: text, font, autoSkip: false }, grid: { color: line }, offset: true },
      },
    },
  });
}

/** What a custom property comes to as a colour, in the scheme that the reader has. */
function colourOf(canvas: HTMLElement, name: string): string {
  const before = canvas.style.color;
  canvas.style.color = `var(${name})`;
  const { color } = getComputedStyle(canvas);
  canvas.style.color = before;
  return color;
}
