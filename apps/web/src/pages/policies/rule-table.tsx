import { ActionIcon, Button, Group, NumberInput, Text, TextInput } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { ruleWords } from './rule-words.ts';

export type Rules = Readonly<Record<string, number | null>>;

export interface RuleTableProps {
  readonly label: string;
  readonly unit: string;
  readonly rules: Rules;
  readonly min?: number;
  readonly max: number;
  /** An empty field means no limit. */
  readonly emptyAllowed?: boolean;
  readonly onChange: (rules: Rules) => void;
}

/** Figures by name; `default` is for the rest and stays. */
export function RuleTable({ label, unit, rules, min = 0, max, emptyAllowed = false, onChange }: RuleTableProps): ReactNode {
  const [name, setName] = useState('');
  const added = name.trim();
  const add = () => {
    onChange({ ...rules, [added]: rules['default'] ?? Math.max(min, 1) });
    setName('');
  };
  return (
    <div>
      <Text fw={600} size="sm">{label}</Text>
      <Text size="xs" c="dimmed" mb="xs">{unit}</Text>
      {Object.entries(rules).map(([key, value]) => (
        <Group key={key} gap="xs" wrap="nowrap" mb={6}>
          <Text flex={1} size="sm">{ruleWords(key)}</Text>
          <NumberInput
            w={110}
            size="sm"
            aria-label={`${label}: ${ruleWords(key)}`}
            min={min}
            max={max}
            allowDecimal={false}
            clampBehavior="strict"
            value={value ?? ''}
            onChange={(next) => {
              if (typeof next === 'number') onChange({ ...rules, [key]: next });
              else if (emptyAllowed) onChange({ ...rules, [key]: null });
            }}
          />
          <ActionIcon variant="subtle" color="gray" aria-label={`Remove ${ruleWords(key)}`} disabled={key === 'default'} onClick={() => onChange(Object.fromEntries(Object.entries(rules).filter(([other]) => other !== key)))}><IconTrash size={16} /></ActionIcon>
        </Group>
      ))}
      <Group gap="xs" wrap="nowrap">
        <TextInput flex={1} size="sm" aria-label={`New row: ${label}`} placeholder="Code or name" maxLength={60} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} disabled={added === '' || added in rules} onClick={add}>Add</Button>
      </Group>
    </div>
  );
}
