import { NumberInput } from '@mantine/core';
import type { ReactNode } from 'react';

export interface FigureProps {
  readonly label: string;
  readonly value: number;
  readonly min?: number;
  readonly max: number;
  readonly onChange: (value: number) => void;
}

/** A whole number of a policy. While the field is empty the last number stands. */
export function Figure({ label, value, min = 0, max, onChange }: FigureProps): ReactNode {
  return <NumberInput label={label} min={min} max={max} allowDecimal={false} clampBehavior="strict" value={value} onChange={(next) => typeof next === 'number' && onChange(next)} />;
}
