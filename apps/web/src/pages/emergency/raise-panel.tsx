import type { EmergencyAlert } from '@clms/protocol';
import { Alert, Select, Textarea, UnstyledButton } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState, type ReactNode } from 'react';
import { api } from '../../api/api.ts';
import { messageOf } from '../../api/api-error.ts';
import { PageHead } from '../../shell/page-head.tsx';
import { useVenue } from '../../venue/venue-context.tsx';
import { EMERGENCY_KINDS, type EmergencyKind } from './emergency-kinds.ts';
import { HoldButton } from './hold-button.tsx';
import classes from './emergency.module.css';

/** First action: which kind. Second: hold for a second. Words and place may be changed in between, and need not be. */
export function RaisePanel(): ReactNode {
  const { locations } = useVenue();
  const [kind, setKind] = useState<EmergencyKind | null>(null);
  const [message, setMessage] = useState('');
  const [location, setLocation] = useState<string | null>(null);
  const raise = useMutation({
    mutationFn: () => api.post<EmergencyAlert>('/api/emergencies', { severity: kind!.severity, message: message.trim() || kind!.message, ...(location !== null && { location }) }),
  });
  const choose = (chosen: EmergencyKind) => {
    setKind(chosen);
    setMessage(chosen.message);
  };
  return (
    <>
      <PageHead title="Emergency" lead="Reaches every screen at once, kiosks and displays too, and opens the roll-call of everybody inside." />
      <div className={classes.kinds} role="group" aria-label="Kind">
        {EMERGENCY_KINDS.map((one) => (
          <UnstyledButton key={one.label} className={classes.kind} aria-pressed={kind === one} onClick={() => choose(one)}>
            <one.icon size={40} stroke={1.5} aria-hidden />
            {one.label}
          </UnstyledButton>
        ))}
      </div>
      {kind && (
        <div className={classes.confirm}>
          <Textarea label="What the screens say" autosize minRows={2} maxLength={500} value={message} onChange={(event) => setMessage(event.currentTarget.value)} />
          <Select label="Where" placeholder="Everywhere" clearable data={locations.map(({ name }) => name)} value={location} onChange={setLocation} />
          {raise.isError && <Alert color="red" role="alert" title="Not raised">{messageOf(raise.error)} Warn people by voice.</Alert>}
          <HoldButton label={`Hold to raise: ${kind.label}`} busy={raise.isPending} onHeld={() => raise.mutate()} />
        </div>
      )}
    </>
  );
}
