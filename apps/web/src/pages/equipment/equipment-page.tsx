import type { Equipment } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import { Button, Group, Select, Stack, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import type { Person } from '../../api/person.ts';
import { isStale } from '../../live/is-stale.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { PageLoading } from '../../shell/page-loading.tsx';
import { StartSessionDialog } from '../../stations/start-session-dialog.tsx';
import { StationCard } from '../../stations/station-card.tsx';
import { byLocation, hasFreeSeat, waitingAt } from '../../stations/station-state.ts';
import { typeWords } from '../../stations/station-type.ts';
import { useVenue } from '../../venue/venue-context.tsx';
import { EquipmentDialog } from './equipment-dialog.tsx';
import { PersonInHand } from './person-in-hand.tsx';
import { WaitingListPanel } from './waiting-list-panel.tsx';
import classes from './equipment.module.css';

/** Which station is free, who sits where, who waits. */
export default function EquipmentPage(): ReactNode {
  const { state: equipment, freshness, status } = useTopic('equipment');
  const { locations } = useVenue();
  const now = useServerNow();
  const [type, setType] = useState<string | null>(null);
  const [inHand, setInHand] = useState<Person | null>(null);
  const [starting, setStarting] = useState<Equipment | null>(null);
  const [opened, setOpened] = useState<Equipment | 'new' | null>(null);
  if (status.state === 'loading') return <PageLoading />;
  const all = [...equipment.values()];
  const types = [...new Set(all.map((item) => item.type))].toSorted();
  const shown = type === null ? all : all.filter((item) => item.type === type);
  const waiting = waitingAt(all);
  const free = shown.filter(hasFreeSeat).length;
  return (
    <Stack gap="lg">
      <Group justify="space-between" align="flex-end">
        <div>
          <Title order={1}>Equipment</Title>
          <Text c="dimmed" size="sm">{free} of {shown.length} with a free place</Text>
        </div>
        <Group gap="xs">
          {types.length > 1 && <Select aria-label="Type" placeholder="All types" clearable w={170} data={types.map((value) => ({ value, label: typeWords(value) }))} value={type} onChange={setType} />}
          <Button variant="default" leftSection={<IconPlus size={16} />} onClick={() => setOpened('new')}>Add</Button>
        </Group>
      </Group>
      <div className={classes.layout}>
        <div data-stale={isStale(freshness)}>
          {all.length === 0 && (
            <div className={classes.empty}>
              <Title order={2}>No stations yet</Title>
              <Text c="dimmed" mb="md">Add the computers, consoles and rooms that people use for a time.</Text>
              <Button leftSection={<IconPlus size={16} />} onClick={() => setOpened('new')}>Add the first one</Button>
            </div>
          )}
          {byLocation(shown, locations).map(([location, items]) => (
            <section key={location} className={classes.location} aria-label={location}>
              <Title order={2} className={classes.heading}>{location}</Title>
              <div className={classes.board}>
                {items.map((item) => <StationCard key={item.id} item={item} now={now} waiting={waiting.get(item.id)} onStart={setStarting} onOpen={setOpened} />)}
              </div>
            </section>
          ))}
        </div>
        <aside className={classes.side}>
          <PersonInHand person={inHand} onChange={setInHand} onStation={setStarting} />
          <WaitingListPanel types={types} inHand={inHand} />
        </aside>
      </div>
      {starting && (
        <StartSessionDialog
          key={starting.id}
          equipmentId={starting.id}
          person={inHand ?? undefined}
          onClose={() => {
            setStarting(null);
            setInHand(null);
          }}
        />
      )}
      {opened && <EquipmentDialog item={opened === 'new' ? undefined : opened} onClose={() => setOpened(null)} />}
    </Stack>
  );
}
