import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { fullName, type Person } from '../../api/person.ts';
import { announceDone } from '../../shell/announce-change.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';

/** Erasing cannot be taken back: it asks for a reason and for the school id, typed. */
export function ErasePersonDialog({ person, onClose, onErased }: { readonly person: Person; readonly onClose: () => void; readonly onErased: () => void }): ReactNode {
  const queries = useQueryClient();
  const [reason, setReason] = useState('');
  const [typed, setTyped] = useState('');
  const erase = useMutation({
    mutationFn: () => api.post(`/api/students/${person.id}/erase`, { reason: reason.trim() }),
    onSuccess: () => {
      announceDone('Erased. What was done stays in the statistics, without a name.');
      for (const key of ['people', 'search', 'person-card', 'desk', 'loans', 'visits']) queries.removeQueries({ queryKey: [key] });
      onErased();
    },
  });
  const certain = typed.trim() === person.schoolId && reason.trim() !== '';
  return (
    <Modal opened onClose={onClose} title={`Erase ${fullName(person)}?`}>
      {/* Enter must not erase: the button alone does. */}
      <form onSubmit={(event: FormEvent) => event.preventDefault()}>
        <Stack>
          <Text size="sm">Name, card, school id and section are taken out for ever, in the history too. Nobody can bring them back. Books that are out have to come back first.</Text>
          <TextInput label="Reason" description="Written into the audit" required data-autofocus maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} />
          <TextInput label={`Type the school id, ${person.schoolId}`} required autoComplete="off" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
          <FormProblem error={erase.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Keep</Button>
            <Button type="button" color="red" disabled={!certain} loading={erase.isPending} onClick={() => erase.mutate()}>Erase for ever</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
