import { init } from 'echarts';

const WIDTH = 720;
const HEIGHT = 360;

export interface Chart {
  title: string;
  /** Names of the axes. */
  x: string;
  y: string;
  /** Ticks of the x axis. */
  ticks: readonly (string | number)[];
  /** Values by tick; null leaves a gap. */
  series: readonly { name: string; values: readonly (number | null)[]; dashed?: true }[];
  kind: 'line' | 'stacked bars';
}

/** The chart as an SVG document; the same chart gives the same text. */
export function svgOf({ title, x, y, ticks, series, kind }: Chart): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  chart.setOption({
    animation: false,
    backgroundColor: '#fff',
    title: { text: title, left: 'center', textStyle: { fontSize: 14 } },
    legend: { bottom: 0, type: 'plain' },
    grid: { top: 44, left: 56, right: 24, bottom: kind === 'line' ? 84 : 148 },
    xAxis: {
      type: 'category',
      name: x,
      nameLocation: 'middle',
      nameGap: 28,
      data: [...ticks],
      axisLabel: { rotate: kind === 'line' ? 0 : 60, fontSize: 10 },
    },
    yAxis: { type: 'value', name: y },
    series: series.map(({ name, values, dashed }) => ({
      name,
      type: kind === 'line' ? 'line' : 'bar',
      stack: kind === 'line' ? undefined : 'all',
      data: [...values],
      lineStyle: dashed ? { type: 'dashed' } : undefined,
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg.replaceAll(/zr\d+-c/g, 'c')}\n`;
}
