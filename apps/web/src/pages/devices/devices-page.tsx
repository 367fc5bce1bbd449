import { Badge, Button, Group, Modal, Switch, Table, Text, VisuallyHidden } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import type { Device } from '../../api/device.ts';
import { usePages } from '../../api/use-pages.ts';
import { useServerNow } from '../../live/use-server-now.ts';
import { announceDone, announceError } from '../../shell/announce-change.tsx';
import { EmptyState } from '../../shell/empty-state.tsx';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import { useVenueTime } from '../../venue/venue-context.tsx';
import { relative } from '../../venue/venue-time.ts';
import stacked from '../../shell/stacked-table.module.css';
import { AddDeviceDialog } from './add-device-dialog.tsx';

const STATES = { UNPAIRED: { label: 'Waits for its code', color: 'amber' }, PAIRED: { label: 'Paired', color: 'accent' }, REVOKED: { label: 'Revoked', color: 'gray' } } as const;

/** While a code is shown, somebody types it elsewhere and looks here whether it worked. */
const PAIRING_REFRESH_MS = 3_000;

/** Kiosks and displays: each has a token of its own, which an administrator can take away. */
export default function DevicesPage(): ReactNode {
    const queries = useQueryClient();
  const time = useVenueTime();
  const now = useServerNow(30_000);
  const [adding, setAdding] = useState(false);
  const devices = usePages<Device>('devices', '/api/devices', {}, { refetchMs: adding ? PAIRING_REFRESH_MS : undefined });
  const [revoking, setRevoking] = useState<Device | null>(null);
  const [withRevoked, setWithRevoked] = useState(false);
  const revoke = useMutation({
    mutationFn: (device: Device) => api.delete<Device>(`/api/devices/${device.id}`),
    onSuccess: ({ name }) => announceDone(`${name} is revoked. It asks for a new code.`),
    onError: announceError,
    onSettled: () => {
      setRevoking(null);
      void queries.invalidateQueries({ queryKey: ['devices'] });
    },
  });
  const shown = devices.items.filter(({ state }) => withRevoked || state !== 'REVOKED');
  return (
    <>
      <PageHead title="Devices" lead="Open /kiosk on the computer at the door and /display on the wall screen; each asks for its code once.">
        <Switch label="Show revoked" checked={withRevoked} onChange={(event) => setWithRevoked(event.currentTarget.checked)} />
        <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>Add a device</Button>
      </PageHead>
      <Panel>
        {devices.isLoading && <PageLoading />}
        {devices.error && <Text c="red" p="md">{messageOf(devices.error)}</Text>}
        {!devices.isLoading && shown.length === 0 && <EmptyState title="No devices" action={<Button mt="xs" onClick={() => setAdding(true)}>Add the first one</Button>}>A kiosk takes the cards at the door, a display shows free places and numbers.</EmptyState>}
        {shown.length > 0 && (
          <Table className={stacked.stacked} miw={720} highlightOnHover>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Name</Table.Th>
                <Table.Th>Kind</Table.Th>
                <Table.Th>Station</Table.Th>
                <Table.Th>Location</Table.Th>
                <Table.Th>State</Table.Th>
                <Table.Th>Last seen</Table.Th>
                <Table.Th><VisuallyHidden>Actions</VisuallyHidden></Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {shown.map((device) => (
                <Table.Tr key={device.id}>
                  <Table.Td fw={600}>{device.name}</Table.Td>
                  <Table.Td>{device.role === 'KIOSK' ? 'Kiosk' : 'Display'}</Table.Td>
                  <Table.Td data-label="station">{device.station ?? '–'}</Table.Td>
                  <Table.Td data-label="in">{device.location ?? '–'}</Table.Td>
                  <Table.Td><Badge color={STATES[device.state].color}>{STATES[device.state].label}</Badge></Table.Td>
                  <Table.Td data-label="seen">{device.lastSeenAt ? `${time.moment(device.lastSeenAt, now)} (${relative(device.lastSeenAt, now)})` : 'never'}</Table.Td>
                  <Table.Td>{device.state !== 'REVOKED' && <Group justify="flex-end"><Button size="compact-sm" variant="subtle" color="red" onClick={() => setRevoking(device)}>Revoke</Button></Group>}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        )}
        <LoadMore {...devices} />
      </Panel>
      {adding && <AddDeviceDialog known={devices.items} onClose={() => setAdding(false)} />}
      <Modal opened={revoking !== null} onClose={() => setRevoking(null)} title={`Revoke ${revoking?.name ?? ''}?`}>
        <Text size="sm" mb="md">It stops at once and cannot be brought back: to use it again it has to be added and paired anew.</Text>
        <Group justify="flex-end">
          <Button variant="default" data-autofocus onClick={() => setRevoking(null)}>Keep it</Button>
          <Button color="red" loading={revoke.isPending} onClick={() => revoking && revoke.mutate(revoking)}>Revoke</Button>
        </Group>
      </Modal>
    </>
  );
}
