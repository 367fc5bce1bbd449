import { Button } from '@mantine/core';
import { IconUserPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import type { Person } from '../../api/person.ts';
import { usePages } from '../../api/use-pages.ts';
import { LoadMore } from '../../shell/load-more.tsx';
import { PageHead } from '../../shell/page-head.tsx';
import { FindField } from './find-field.tsx';
import { PeopleTable } from './people-table.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { PersonView } from './person-view.tsx';

const MIN_LENGTH = 2;

/** Pupils and personnel: found by name, school id or card; one of them with all that the library knows. */
export default function PeoplePage(): ReactNode {
  const { id } = useSearch({ strict: false }) as { id?: string };
  const navigate = useNavigate();
  const open = (person: Pick<Person, 'id'>) => void navigate({ to: '/people', search: { id: person.id } as never });
  return id === undefined ? <FindPeople onOpen={open} /> : <PersonView key={id} id={id} onBack={() => void navigate({ to: '/people', search: {} as never })} />;
}

function FindPeople({ onOpen }: { readonly onOpen: (person: Pick<Person, 'id'>) => void }): ReactNode {
  const [wanted, setWanted] = useState('');
  const [adding, setAdding] = useState(false);
  const searching = wanted.length >= MIN_LENGTH;
  const found = useQuery({
    queryKey: ['search', 'people', 'page', wanted],
    queryFn: () => api.post<Page<Person>>('/api/students/search', { text: wanted, limit: 100 }),
    enabled: searching,
    placeholderData: keepPreviousData,
  });
  const all = usePages<Person>('people', '/api/students', { limit: 100 });
  return (
    <>
      <PageHead title="People" lead="Every look-up is written into the audit.">
        <Button leftSection={<IconUserPlus size={16} />} onClick={() => setAdding(true)}>Add a person</Button>
      </PageHead>
      <FindField onWanted={setWanted} />
      {searching
        ? <PeopleTable people={found.data?.items ?? []} isLoading={found.isLoading} error={found.error} empty={{ title: 'Nobody found', text: 'Fewer letters find more; accents and capitals do not matter.' }} onOpen={onOpen} />
        : <PeopleTable people={all.items} isLoading={all.isLoading} error={all.error} empty={{ title: 'Nobody here yet', text: 'Import the school’s list, or add the first person by hand.' }} onOpen={onOpen}><LoadMore {...all} /></PeopleTable>}
      {adding && (
        <PersonDialog
          onClose={() => setAdding(false)}
          onSaved={(person) => {
            setAdding(false);
            onOpen(person);
          }}
        />
      )}
    </>
  );
}
