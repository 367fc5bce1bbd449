import { Badge, Button, Group, Text, Title } from '@mantine/core';
import { IconArrowLeft, IconDownload, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { downloadFile } from '../../api/download-file.ts';
import { fullName, gradeAndSection, type Person } from '../../api/person.ts';
import { Initials } from '../../people/initials.tsx';
import { useUser } from '../../session/use-session.ts';
import { announceError } from '../../shell/announce-change.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { useDeskPerson } from '../desk/use-desk-person.ts';
import { ErasePersonDialog } from './erase-person-dialog.tsx';
import { PersonDialog } from './person-dialog.tsx';
import { PersonHistory } from './person-history.tsx';
import { PersonNow } from './person-now.tsx';
import classes from './person.module.css';

/** One person: here now, books, holds, what they did, and what may be done with the record. */
export function PersonView({ id, onBack }: { readonly id: string; readonly onBack: () => void }): ReactNode {
  const { deskPerson, error } = useDeskPerson(id);
  const record = useQuery({ queryKey: ['person-card', id], queryFn: () => api.get<Person>(`/api/students/${id}`) });
  const { role } = useUser();
  const [dialog, setDialog] = useState<'edit' | 'erase' | null>(null);
  const person = record.data ?? deskPerson?.person;
  const back = <Button className="no-print" variant="subtle" color="gray" size="compact-sm" mb="sm" leftSection={<IconArrowLeft size={16} />} onClick={onBack}>All people</Button>;
  if (error ?? record.error) return <>{back}<Text c="red">{messageOf(error ?? record.error)}</Text></>;
  if (!person || !deskPerson) return <PageLoading />;
  return (
    <>
      {back}
      <header className={classes.head}>
        <Group wrap="nowrap" gap="md">
          <Initials surname={person.surname} givenName={person.givenName} size={64} />
          <div>
            <Title order={1}>{fullName(person) || 'Erased'}</Title>
            <Text c="dimmed">{[gradeAndSection(person), person.schoolId, person.barcode !== person.schoolId && `card ${person.barcode}`].filter(Boolean).join(' · ')}</Text>
            {!person.active && <Badge color="gray" mt={4}>Not active</Badge>}
          </div>
        </Group>
        <Group gap="xs" className="no-print">
          <Button component={Link} to="/desk" search={{ person: id } as never} variant="default">At the desk</Button>
          <Button variant="default" leftSection={<IconPencil size={16} />} onClick={() => setDialog('edit')}>Change</Button>
          {role !== 'STAFF' && <Button variant="default" leftSection={<IconDownload size={16} />} onClick={() => void downloadFile(`/api/students/${id}/export`, `person-${id}.json`).catch(announceError)}>Export</Button>}
          {role === 'ADMIN' && <Button variant="default" c="var(--clms-danger)" leftSection={<IconTrash size={16} />} onClick={() => setDialog('erase')}>Erase</Button>}
        </Group>
      </header>
      <div className={classes.columns}>
        <PersonNow deskPerson={deskPerson} />
        <PersonHistory id={id} />
      </div>
      {dialog === 'edit' && <PersonDialog person={person} onClose={() => setDialog(null)} onSaved={() => setDialog(null)} />}
      {dialog === 'erase' && <ErasePersonDialog person={person} onClose={() => setDialog(null)} onErased={onBack} />}
    </>
  );
}
