import { Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { errorToShow } from '../../api/error-to-show.ts';
import { messageOf } from '../../api/api-error.ts';
import { Sparkline } from './sparkline.tsx';
import classes from './connections.module.css';

interface WebSocketStatus {
  readonly totalConnections: number;
  readonly activeConnections: number;
  readonly messagesPerSecond: number;
  readonly errorRate: number;
  readonly averageLatency: number;
  readonly slowConsumers: number;
  readonly droppedMessages: number;
  readonly reconnects: number;
  readonly nodes: readonly unknown[];
}

const REFRESH_MS = 5_000;
/** Ten minutes of samples; older ones are forgotten. */
const KEPT_SAMPLES = 120;

/** Traffic and errors since this page was opened. */
export function Traffic(): ReactNode {
  const status = useQuery({ queryKey: ['websocket-status'], queryFn: () => api.get<WebSocketStatus>('/api/websocket/status'), refetchInterval: REFRESH_MS });
  const { data, dataUpdatedAt } = status;
  const error = errorToShow(status);
  const [samples, setSamples] = useState<readonly WebSocketStatus[]>([]);
  useEffect(() => {
    if (data) setSamples((before) => [...before, data].slice(-KEPT_SAMPLES));
    // Every answer is a sample, also one equal to the last.
  }, [data, dataUpdatedAt]);
  if (error) return <Text c="red" mb="md">{messageOf(error)}</Text>;
  if (!data) return null;
  return (
    <dl className={classes.tiles}>
      <Tile label="Connected" value={String(data.activeConnections)} detail={`${data.totalConnections} since the start, ${data.reconnects} came back`} line={samples.map((sample) => sample.activeConnections)} />
      <Tile label="Messages a second" value={data.messagesPerSecond.toFixed(1)} detail={`${data.nodes.length} ${data.nodes.length === 1 ? 'node' : 'nodes'}`} line={samples.map((sample) => sample.messagesPerSecond)} />
      <Tile label="Errors" value={`${(data.errorRate * 100).toFixed(1)} %`} detail="of the messages received" line={samples.map((sample) => sample.errorRate)} />
      <Tile label="Latency" value={data.activeConnections === 0 ? '–' : `${Math.round(data.averageLatency)} ms`} detail={`${data.slowConsumers} slow, ${data.droppedMessages} messages dropped`} line={samples.map((sample) => sample.averageLatency)} />
    </dl>
  );
}

function Tile({ label, value, detail, line }: { readonly label: string; readonly value: string; readonly detail: string; readonly line: readonly number[] }): ReactNode {
  return (
    <div className={classes.tile}>
      <dt>{label}</dt>
      <dd className={classes.value}>{value}</dd>
      <dd className={classes.detail}>{detail}</dd>
      <dd className={classes.line}><Sparkline values={line} label={`${label} since this page was opened`} /></dd>
    </div>
  );
}
