import { IconAlertTriangle, IconBook2, IconCircleCheck, IconClockHour4, type Icon } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { DeviceSession, PairedDevice } from '../../device/device-session.ts';
import { ConnectionChip } from '../../live/connection-chip.tsx';
import { useAnnouncements } from '../../live/use-announcements.ts';
import { useKeptScans } from '../../scanning/use-scan-journal.ts';
import { KioskCorner } from './kiosk-corner.tsx';
import type { KioskPicture } from './kiosk-view.ts';
import { useKioskScans } from './use-kiosk-scans.ts';
import classes from './kiosk.module.css';

const PICTURES: Readonly<Record<KioskPicture, Icon>> = { check: IconCircleCheck, book: IconBook2, clock: IconClockHour4, warning: IconAlertTriangle };

/** One sentence until somebody scans; then what happened, large, for whoever stands there. */
export function KioskScreen({ device, session }: { readonly device: PairedDevice; readonly session: DeviceSession }): ReactNode {
  const { shown, waiting } = useKioskScans(device.station ?? device.name);
  const kept = useKeptScans();
  const [announcement] = useAnnouncements();
  const Picture = shown && PICTURES[shown.picture];
  return (
    <main className={classes.screen} data-tone={shown?.tone ?? 'idle'} data-testid="kiosk">
      <div className={classes.centre} role="status" aria-live="assertive">
        {shown && Picture ? (
          <div key={shown.id} className={classes.result}>
            <Picture className={classes.picture} stroke={1.6} aria-hidden />
            <p className={classes.words}>{shown.words}</p>
            {shown.notices.map((notice) => <p key={notice} className={classes.notice}>{notice}</p>)}
          </div>
        ) : (
          <p className={classes.sentence}>Scan your card</p>
        )}
      </div>
      {waiting > 0 && <p className={classes.waiting}>{waiting} more</p>}
      {announcement && !shown && <p className={classes.announcement}>{announcement.message}</p>}
      <div className={classes.foot}>
        <ConnectionChip kept={kept} />
        <KioskCorner session={session} />
      </div>
    </main>
  );
}
