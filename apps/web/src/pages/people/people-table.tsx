import { Anchor, Badge, Table, Text, VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { messageOf } from '../../api/api-error.ts';
import { fullName, gradeAndSection, type Person } from '../../api/person.ts';
import { EmptyState } from '../../shell/empty-state.tsx';
import { PageLoading } from '../../shell/page-loading.tsx';
import { Panel } from '../../shell/panel.tsx';
import stacked from '../../shell/stacked-table.module.css';

export interface PeopleTableProps {
  readonly people: readonly Person[];
  readonly isLoading: boolean;
  readonly error: Error | null;
  readonly empty: { readonly title: string; readonly text: string };
  readonly onOpen: (person: Person) => void;
  readonly children?: ReactNode;
}

/** People by name, with what tells two of the same name apart. */
export function PeopleTable({ people, isLoading, error, empty, onOpen, children }: PeopleTableProps): ReactNode {
  return (
    <Panel testId="people">
      {isLoading && <PageLoading />}
      {error && <Text c="red" p="md">{messageOf(error)}</Text>}
      {!isLoading && !error && people.length === 0 && <EmptyState title={empty.title}>{empty.text}</EmptyState>}
      {people.length > 0 && (
        <Table className={stacked.stacked} miw={640} highlightOnHover>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Grade and section</Table.Th>
              <Table.Th>School id</Table.Th>
              <Table.Th>Card</Table.Th>
              <Table.Th><VisuallyHidden>State</VisuallyHidden></Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {people.map((person) => (
              <Table.Tr key={person.id}>
                <Table.Td><Anchor component="button" type="button" fw={600} c="inherit" ta="left" onClick={() => onOpen(person)}>{fullName(person) || 'Erased'}</Anchor></Table.Td>
                <Table.Td>{gradeAndSection(person)}</Table.Td>
                <Table.Td data-label="id">{person.schoolId}</Table.Td>
                <Table.Td data-label="card">{person.barcode}</Table.Td>
                <Table.Td ta="right">{!person.active && <Badge color="gray">Not active</Badge>}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {children}
    </Panel>
  );
}
