import type { NoticeCategory, Priority, Role } from '@clms/protocol';
import { Button, Group, Modal, MultiSelect, Select, SimpleGrid, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Notice } from '../../api/notice.ts';
import { announceDone } from '../../shell/announce-change.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';
import { CATEGORY_WORDS, PRIORITY_WORDS } from './notice-words.ts';
import { useColleagues } from './use-colleagues.ts';

const TO: readonly { readonly value: Role; readonly label: string }[] = [
  { value: 'ADMIN', label: 'Administrators' },
  { value: 'LIBRARIAN', label: 'Librarians' },
  { value: 'STAFF', label: 'Staff' },
  { value: 'KIOSK', label: 'Kiosks' },
];

const choices = (words: Readonly<Record<string, string>>) => Object.entries(words).map(([value, label]) => ({ value, label }));

/** Writes to colleagues by role or by name, and to stations. A notice cannot be called back: only the button sends it, never Enter. */
export function ComposeDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const colleagues = useColleagues();
  const [form, setForm] = useState({ title: '', message: '', priority: 'MEDIUM' as Priority, category: 'USER' as NoticeCategory, roles: ['ADMIN', 'LIBRARIAN', 'STAFF'] as Role[], users: [] as string[], stations: [] as string[], requiresAck: false });
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const send = useMutation({
    mutationFn: () => {
      const { roles, users, stations, ...notice } = form;
      return api.post<Notice>('/api/notifications', { ...notice, title: notice.title.trim(), message: notice.message.trim(), recipients: { ...(roles.length > 0 && { roles }), ...(users.length > 0 && { users }), ...(stations.length > 0 && { stations }) } });
    },
    onSuccess: (notice) => {
      announceDone((notice.count ?? 1) > 1 ? 'The same notice went out a moment ago: its count went up' : 'Sent');
      void queries.invalidateQueries({ queryKey: ['notices'] });
      onClose();
    },
  });
  const incomplete = form.title.trim() === '' || form.message.trim() === '' || (form.roles.length === 0 && form.users.length === 0 && form.stations.length === 0);
  return (
    <Modal opened onClose={onClose} title="Write a notice">
      <Stack>
        <TextInput label="Title" required data-autofocus maxLength={200} value={form.title} onChange={(event) => set({ title: event.currentTarget.value })} />
        <Textarea label="Message" required autosize minRows={3} maxLength={2000} value={form.message} onChange={(event) => set({ message: event.currentTarget.value })} />
        <MultiSelect label="To" data={TO} value={form.roles} onChange={(roles) => set({ roles: roles as Role[] })} />
        {colleagues.length > 0 && <MultiSelect label="And to colleagues" searchable data={colleagues.map(({ id, name }) => ({ value: id, label: name }))} value={form.users} onChange={(users) => set({ users })} />}
        <TagsInput label="And to stations" description="Names as under Devices; Enter after each" maxTags={100} value={form.stations} onChange={(stations) => set({ stations })} />
        <SimpleGrid cols={2}>
          <Select label="Priority" allowDeselect={false} data={choices(PRIORITY_WORDS)} value={form.priority} onChange={(priority) => priority && set({ priority: priority as Priority })} />
          <Select label="About" allowDeselect={false} data={choices(CATEGORY_WORDS)} value={form.category} onChange={(category) => category && set({ category: category as NoticeCategory })} />
        </SimpleGrid>
        <Switch label="Somebody has to take it" description="Not taken within a minute, it goes to all staff; after three, to the administrators." checked={form.requiresAck || form.priority === 'CRITICAL'} disabled={form.priority === 'CRITICAL'} onChange={(event) => set({ requiresAck: event.currentTarget.checked })} />
        <FormProblem error={send.error} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>Cancel</Button>
          <Button loading={send.isPending} disabled={incomplete} onClick={() => send.mutate()}>Send</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
