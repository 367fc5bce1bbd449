import { Loader, Select } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../api/api.ts';
import type { Page } from '../api/api-client.ts';
import { fullName, gradeAndSection, type Person } from '../api/person.ts';

export interface PersonPickerProps {
  readonly label: string;
  readonly value: Person | null;
  readonly onChange: (person: Person | null) => void;
  readonly autoFocus?: boolean;
}

const MIN_LENGTH = 2;

/** Finds a person by name or school id; a scanned card in the field finds its owner too. */
export function PersonPicker({ label, value, onChange, autoFocus = false }: PersonPickerProps): ReactNode {
  const [text, setText] = useState('');
  const [wanted] = useDebouncedValue(text.trim(), 180);
  const { data, isFetching } = useQuery({
    queryKey: ['search', 'people', wanted],
    queryFn: () => api.post<Page<Person>>('/api/students/search', { text: wanted, limit: 8 }),
    enabled: wanted.length >= MIN_LENGTH,
    placeholderData: keepPreviousData,
  });
  const found = data?.items ?? [];
  const people = value && !found.some(({ id }) => id === value.id) ? [value, ...found] : found;
  return (
    <Select
      label={label}
      // Beside the field and not in its list: a list without a choice in it confuses screen readers.
      description={wanted.length < MIN_LENGTH ? 'Type two letters' : found.length > 0 ? `${found.length} found` : isFetching ? 'Searching…' : 'Nobody found'}
      placeholder="Surname, given name or school id"
      data-autofocus={autoFocus || undefined}
      searchable
      clearable
      data={people.map((person) => ({ value: person.id, label: [fullName(person), gradeAndSection(person)].filter(Boolean).join(' · ') }))}
      filter={({ options }) => options}
      value={value?.id ?? null}
      onChange={(id) => onChange(people.find((person) => person.id === id) ?? null)}
      onSearchChange={setText}
      rightSection={isFetching ? <Loader size={16} /> : undefined}
      comboboxProps={{ shadow: 'md' }}
    />
  );
}
