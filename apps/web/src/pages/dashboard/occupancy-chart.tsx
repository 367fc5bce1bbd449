import { useElementSize } from '@mantine/hooks';
import type { ReactNode } from 'react';
import type { OccupancyPoint } from './occupancy.ts';
import classes from './occupancy-chart.module.css';

const HEIGHT = 180;
const LEFT = 28;
const BOTTOM = 22;
const TOP = 8;

const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** A round figure at or above `value`, so that the axis does not change with every visitor. */
function ceiling(value: number): number {
  return [4, 10, 20, 40, 60, 80, 100, 150, 200, 300, 400].find((round) => round >= value) ?? Math.ceil(value / 100) * 100;
}

/**
 * How many were inside over the day: the line is today, the band is what is usual. Drawn by hand, for it is on the first page that anybody
 * loads, and a chart library weighs more than the rest of it.
 */
export function OccupancyChart({ points }: { readonly points: readonly OccupancyPoint[] }): ReactNode {
  const { ref, width } = useElementSize();
  const first = points[0]?.minute ?? 0;
  const last = points.at(-1)?.minute ?? 1;
  const most = Math.max(0, ...points.flatMap(({ inside, usual }) => [inside ?? 0, usual?.[1] ?? 0]));
  const top = ceiling(most);
  const x = (minute: number) => LEFT + ((minute - first) / Math.max(1, last - first)) * (width - LEFT - 8);
  const y = (count: number) => TOP + (1 - count / top) * (HEIGHT - TOP - BOTTOM);
  const past = points.flatMap(({ minute, inside }) => (inside === undefined ? [] : [{ minute, inside }]));
  const line = past.map(({ minute, inside }, index) => (index === 0 ? `M${x(minute)} ${y(inside)}` : `H${x(minute)}V${y(inside)}`)).join('');
  const usual = points.flatMap(({ minute, usual: range }) => (range ? [{ minute, range }] : []));
  const band = [...usual.map(({ minute, range }) => `${x(minute)},${y(range[1])}`), ...usual.toReversed().map(({ minute, range }) => `${x(minute)},${y(range[0])}`)].join(' ');
  const highest = Math.max(0, ...past.map(({ inside }) => inside));
  const end = past.at(-1);
  return (
    <div ref={ref} className={classes.frame}>
      {width > 0 && <svg className={classes.chart} width={width} height={HEIGHT} role="img" aria-label={`Occupancy over the day: now ${end?.inside ?? 0}, at most ${highest}`}>
        {[0, top / 2, top].map((count) => (
          <g key={count}>
            <line className={classes.grid} x1={LEFT} x2={width - 8} y1={y(count)} y2={y(count)} />
            <text className={classes.axis} x={LEFT - 6} y={y(count) + 4} textAnchor="end">{count}</text>
          </g>
        ))}
        {points.filter(({ minute }) => minute % (width < 420 ? 180 : width < 640 ? 120 : 60) === 0).map(({ minute }) => (
          <text key={minute} className={classes.axis} x={x(minute)} y={HEIGHT - 4} textAnchor={x(minute) > width - 24 ? 'end' : 'middle'}>{clock(minute)}</text>
        ))}
        {usual.length > 0 && <polygon className={classes.band} points={band} />}
        <path className={classes.line} d={line} />
        {end && <circle className={classes.now} cx={x(end.minute)} cy={y(end.inside)} r={4} />}
        {points.map((point) => (
          <rect key={point.minute} className={classes.touch} x={x(point.minute) - 4} y={TOP} width={Math.max(4, (width - LEFT) / points.length)} height={HEIGHT - TOP - BOTTOM}>
            <title>{pointWords(point)}</title>
          </rect>
        ))}
      </svg>}
    </div>
  );
}

function pointWords({ minute, inside, usual }: OccupancyPoint): string {
  const words = [clock(minute)];
  if (inside !== undefined) words.push(`${inside} inside`);
  if (usual) words.push(`usually ${usual[0] === usual[1] ? usual[0] : `${usual[0]} to ${usual[1]}`}`);
  return words.join(' · ');
}
