import { Button, Group, Modal, Select, Stack } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import type { Book } from '../../api/book.ts';
import type { Hold } from '../../api/loan.ts';
import type { Person } from '../../api/person.ts';
import { PersonPicker } from '../../people/person-picker.tsx';
import { announceDone } from '../../shell/announce-change.tsx';
import { FormProblem } from '../../shell/form-problem.tsx';

/** Reserves a title for a person. */
export function AddHoldDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const queries = useQueryClient();
  const [person, setPerson] = useState<Person | null>(null);
  const [bookId, setBookId] = useState<string | null>(null);
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 180);
  const { data } = useQuery({ queryKey: ['search', 'books', wanted], queryFn: () => api.get<Page<Book>>('/api/books', { text: wanted, limit: 30 }), placeholderData: keepPreviousData });
  const titles = [...new Map((data?.items ?? []).map((book) => [book.titleId, book])).values()];
  const add = useMutation({
    mutationFn: () => api.post<Hold>('/api/holds', { bookId, studentId: person!.id }),
    onSuccess: (hold) => {
      announceDone(hold.status === 'READY' ? `“${hold.title}” is free: keep it at the desk` : `Number ${hold.position} in line for “${hold.title}”`, () => api.delete(`/api/holds/${hold.id}`).then(() => queries.invalidateQueries({ queryKey: ['holds'] })));
      void queries.invalidateQueries({ queryKey: ['holds'] });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (person && bookId !== null) add.mutate();
  };
  return (
    <Modal opened onClose={onClose} title="Place a hold">
      <form onSubmit={submit}>
        <Stack>
          <PersonPicker label="For" value={person} onChange={setPerson} autoFocus />
          <Select
            label="Title"
            description={data && titles.length === 0 ? 'No such book' : `${titles.length} found`}
            placeholder="Title, author or barcode"
            searchable
            data={titles.map((book) => ({ value: book.id, label: book.author ? `${book.title} · ${book.author}` : book.title }))}
            filter={({ options }) => options}
            value={bookId}
            onChange={setBookId}
            onSearchChange={setText}
          />
          <FormProblem error={add.error} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>Cancel</Button>
            <Button type="submit" loading={add.isPending} disabled={!person || bookId === null}>Place the hold</Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
