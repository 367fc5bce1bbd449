import { Button, Group, Modal, SegmentedControl, Select, SimpleGrid, Stack, Switch, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { fieldErrors } from '../../api/field-errors.ts';
import { fullName, type Person } from '../../api/person.ts';
import { AlsoEditing } from '../../live/also-editing.tsx';
import { announceDone } from '../../shell/announce-change.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';

const GRADES = [
  { value: 'NURSERY', label: 'Nursery' },
  { value: 'PRE_NURSERY', label: 'Pre-nursery' },
  { value: 'KINDER', label: 'Kinder' },
  ...Array.from({ length: 12 }, (_, index) => ({ value: String(index + 1), label: `Grade ${index + 1}` })),
];
const SENIOR = new Set(['11', '12']);

export interface PersonDialogProps {
  readonly person?: Person;
  readonly onClose: () => void;
  readonly onSaved: (person: Person) => void;
}

/** Adds a person, or changes one; a change made by somebody else in the meantime is not overwritten. */
export function PersonDialog({ person, onClose, onSaved }: PersonDialogProps): ReactNode {
  const queries = useQueryClient();
  const [form, setForm] = useState({
    kind: person?.kind ?? ('STUDENT' as Person['kind']),
    schoolId: person?.schoolId ?? '',
    barcode: person?.barcode ?? '',
    surname: person?.surname ?? '',
    givenName: person?.givenName ?? '',
    gradeLevel: person?.gradeLevel ?? null,
    strand: person?.strand ?? '',
    section: person?.section ?? '',
    active: person?.active ?? true,
  });
  const set = (change: Partial<typeof form>) => setForm((before) => ({ ...before, ...change }));
  const save = useMutation({
    mutationFn: () => {
      const body = bodyOf(form, person);
      return person ? api.patch<Person>(`/api/students/${person.id}`, body, { ifMatch: person.version }) : api.post<Person>('/api/students', body);
    },
    onSuccess: (saved) => {
      announceDone(`${fullName(saved)} saved`);
      for (const key of ['people', 'search', 'person-card', 'desk']) void queries.invalidateQueries({ queryKey: [key] });
      onSaved(saved);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const isPupil = form.kind === 'STUDENT';
  const wrong = fieldErrors(save.error);
  return (
    <Modal opened onClose={onClose} title={person ? `Change ${fullName(person)}` : 'Add a person'}>
      <AlsoEditing name={person && fullName(person)} />
      <form onSubmit={submit}>
        <Stack>
          <SegmentedControl data={[{ value: 'STUDENT', label: 'Pupil' }, { value: 'PERSONNEL', label: 'Personnel' }]} value={form.kind} onChange={(kind) => set({ kind: kind as Person['kind'] })} />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label="Surname" required data-autofocus maxLength={120} error={wrong['surname']} value={form.surname} onChange={(event) => set({ surname: event.currentTarget.value })} />
            <TextInput label="Given name" required maxLength={120} error={wrong['givenName']} value={form.givenName} onChange={(event) => set({ givenName: event.currentTarget.value })} />
            <TextInput label="School id" required maxLength={64} error={wrong['schoolId']} value={form.schoolId} onChange={(event) => set({ schoolId: event.currentTarget.value })} />
            <TextInput label="Card" placeholder="Same as the school id" maxLength={64} error={wrong['barcode']} value={form.barcode} onChange={(event) => set({ barcode: event.currentTarget.value })} />
            {isPupil && <Select label="Grade" data={GRADES} clearable value={form.gradeLevel} onChange={(gradeLevel) => set({ gradeLevel })} />}
            {isPupil && SENIOR.has(form.gradeLevel ?? '') && <TextInput label="Strand" maxLength={60} error={wrong['strand']} value={form.strand} onChange={(event) => set({ strand: event.currentTarget.value })} />}
            <TextInput label={isPupil ? 'Section' : 'Department'} maxLength={80} error={wrong['section']} value={form.section} onChange={(event) => set({ section: event.currentTarget.value })} />
          </SimpleGrid>
          {person && <Switch label="Active" description="Somebody who is not active cannot borrow; the history stays." checked={form.active} onChange={(event) => set({ active: event.currentTarget.checked })} />}
          <FormProblem error={save.error} fields={['surname', 'givenName', 'schoolId', 'barcode', 'strand', 'section']} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={save.isPending}>Save</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface PersonForm {
  readonly kind: Person['kind'];
  readonly schoolId: string;
  readonly barcode: string;
  readonly surname: string;
  readonly givenName: string;
  readonly gradeLevel: string | null;
  readonly strand: string;
  readonly section: string;
  readonly active: boolean;
}

/** Only what differs from the person as loaded; of a new person only what was filled in. */
function bodyOf(form: PersonForm, person: Person | undefined): Record<string, unknown> {
  const isPupil = form.kind === 'STUDENT';
  const orNull = (text: string) => (text.trim() === '' ? null : text.trim());
  const wanted: Record<string, unknown> = {
    kind: form.kind,
    schoolId: form.schoolId.trim(),
    surname: form.surname.trim(),
    givenName: form.givenName.trim(),
    gradeLevel: isPupil ? form.gradeLevel : null,
    strand: isPupil && SENIOR.has(form.gradeLevel ?? '') ? orNull(form.strand) : null,
    section: orNull(form.section),
    ...(form.barcode.trim() !== '' && { barcode: form.barcode.trim() }),
    ...(person && { active: form.active }),
  };
  const before = person as unknown as Record<string, unknown> | undefined;
  return Object.fromEntries(Object.entries(wanted).filter(([key, value]) => (before ? value !== before[key] : value !== null)));
}
