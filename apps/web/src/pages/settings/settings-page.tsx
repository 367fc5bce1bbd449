import { ActionIcon, Button, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { FormEvent, ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { fieldErrors } from '../../api/field-errors.ts';
import { useDocumentForm } from '../../api/use-document-form.ts';
import { useSaveDocument } from '../../api/use-save-document.ts';
import { AlsoEditing } from '../../live/also-editing.tsx';
import { ChangedMeanwhile } from '../../shell/changed-meanwhile.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';

interface Settings {
  readonly venueName: string;
  readonly timezone: string;
  readonly locale: string;
  readonly locations: readonly { readonly name: string; readonly capacity: number }[];
  readonly version: number;
}

/** The place itself: name, zone, rooms. */
export default function SettingsPage(): ReactNode {
  const { data, error } = useQuery({ queryKey: ['settings'], queryFn: () => api.get<Settings>('/api/settings') });
  return (
    <>
      <PageHead title="Settings" lead="What this place is called, which clock it lives by, and how many people its rooms hold." />
      {error && <Text c="red">{messageOf(error)}</Text>}
      {!data && !error && <PageLoading />}
      {data && <SettingsForm settings={data} />}
    </>
  );
}

function SettingsForm({ settings }: { readonly settings: Settings }): ReactNode {
  const { form, setForm, initial, version, changedMeanwhile, takeSaved } = useDocumentForm<Omit<Settings, 'version'>>(settings);
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const save = useSaveDocument<Settings>('/api/settings', 'settings');
  const takeTheirs = () => {
    takeSaved();
    save.reset();
  };
  const wrong = fieldErrors(save.error);
  const setLocation = (index: number, change: Partial<Settings['locations'][number]>) => set({ locations: form.locations.map((location, at) => (at === index ? { ...location, ...change } : location)) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ changes: form, before: initial, version });
  };
  return (
    <Panel>
      <form onSubmit={submit}>
        <Stack p="md" maw={560}>
          <AlsoEditing name="the settings" />
          <TextInput label="Name" required maxLength={120} error={wrong['venueName']} value={form.venueName} onChange={(event) => set({ venueName: event.currentTarget.value })} />
          <Group grow align="flex-start">
            <Select label="Time zone" description="All times are shown in it" searchable allowDeselect={false} data={zones(form.timezone)} value={form.timezone} onChange={(timezone) => timezone && set({ timezone })} />
            <TextInput label="Language of dates" description="Such as en, en-PH, fil" required maxLength={35} error={wrong['locale']} value={form.locale} onChange={(event) => set({ locale: event.currentTarget.value })} />
          </Group>
          <Text fw={600} size="sm">Rooms and how many people each may hold</Text>
          {form.locations.map((location, index) => (
            <Group key={index} gap="xs" wrap="nowrap">
              <TextInput flex={1} aria-label={`Name of room ${index + 1}`} required maxLength={80} error={wrong[`locations.${index}.name`]} value={location.name} onChange={(event) => setLocation(index, { name: event.currentTarget.value })} />
              <NumberInput w={110} aria-label={`Capacity of ${location.name}`} min={1} max={100_000} required error={wrong[`locations.${index}.capacity`]} value={location.capacity} onChange={(capacity) => typeof capacity === 'number' && setLocation(index, { capacity })} />
              <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Remove ${location.name}`} disabled={form.locations.length === 1} onClick={() => set({ locations: form.locations.filter((_, at) => at !== index) })}><IconTrash size={18} /></ActionIcon>
            </Group>
          ))}
          <Button variant="subtle" leftSection={<IconPlus size={16} />} style={{ alignSelf: 'flex-start' }} onClick={() => set({ locations: [...form.locations, { name: '', capacity: 20 }] })}>Add a room</Button>
          {changedMeanwhile && <ChangedMeanwhile onTake={takeTheirs} />}
          <FormProblem error={save.error} fields={['venueName', 'locale', ...form.locations.flatMap((_, index) => [`locations.${index}.name`, `locations.${index}.capacity`])]} />
          <Group justify="flex-end"><Button type="submit" loading={save.isPending}>Save</Button></Group>
        </Stack>
      </form>
    </Panel>
  );
}

const zones = (current: string): string[] => [...new Set([current, ...Intl.supportedValuesOf('timeZone')])];
