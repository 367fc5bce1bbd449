import type { Equipment } from '@clms/protocol';
import { useTopic } from '@clms/client/react';
import { CloseButton, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { api } from '../../api/api.ts';
import type { Page } from '../../api/api-client.ts';
import { fullName, gradeAndSection, type Person } from '../../api/person.ts';
import { Initials } from '../../people/initials.tsx';
import { PersonPicker } from '../../people/person-picker.tsx';
import { useScans } from '../../scanning/use-page-keys.ts';
import { announceError } from '../../shell/announce-change.tsx';
import classes from './equipment.module.css';

export interface PersonInHandProps {
  readonly person: Person | null;
  readonly onChange: (person: Person | null) => void;
  /** The label of a station was scanned. */
  readonly onStation: (item: Equipment) => void;
}

interface Labelled {
  readonly id: string;
  readonly barcode: string | null;
}

const plain = (barcode: string) => barcode.trim().replace(/^\*|\*$/g, '').toLowerCase();

/** The person whose card was scanned or who was looked up: to be dropped on a station, or followed by the scan of a station's label. */
export function PersonInHand({ person, onChange, onStation }: PersonInHandProps): ReactNode {
  const { state: equipment } = useTopic('equipment');
  const find = async (barcode: string): Promise<void> => {
    const wanted = plain(barcode);
    const people = await api.post<Page<Person>>('/api/students/search', { text: barcode.trim(), limit: 8 });
    const owner = people.items.find((one) => plain(one.barcode) === wanted || plain(one.schoolId) === wanted);
    if (owner) return onChange(owner);
    const stations = await api.get<Page<Labelled>>('/api/equipment', { limit: 500 });
    const station = stations.items.find((one) => one.barcode !== null && plain(one.barcode) === wanted);
    const item = station && equipment.get(station.id);
    if (item) return onStation(item);
    throw new Error(`${barcode} is neither a card nor the label of a station.`);
  };
  useScans((barcode) => void find(barcode).catch(announceError));
  return (
    <section className={classes.panel}>
      <Title order={2} mb="xs">Who</Title>
      <PersonPicker label="Scan a card or find somebody" value={person} onChange={onChange} />
      {person ? (
        <div className={classes.hand} draggable onDragStart={(event) => event.dataTransfer.setData('text/plain', person.id)}>
          <Initials surname={person.surname} givenName={person.givenName} size={40} />
          <div style={{ minWidth: 0, flex: 1 }}>
            <Text fw={600} size="sm">{fullName(person)}</Text>
            <Text c="dimmed" size="sm">{gradeAndSection(person)}</Text>
          </div>
          <CloseButton aria-label="Put back" onClick={() => onChange(null)} />
        </div>
      ) : null}
      <Text c="dimmed" size="sm" mt="xs">{person ? 'Drag onto a station, press its Start, or scan its label.' : 'Then choose the station.'}</Text>
    </section>
  );
}
