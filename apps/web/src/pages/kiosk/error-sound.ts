const MUTED_KEY = 'clms.kiosk.muted';

export const isMuted = (): boolean => localStorage.getItem(MUTED_KEY) === 'true';
export const setMuted = (muted: boolean): void => localStorage.setItem(MUTED_KEY, String(muted));

let audio: AudioContext | undefined;

/** Two short low tones. Errors only: a door that beeps at every child is soon switched off. */
export function playErrorSound(): void {
  if (isMuted()) return;
  audio ??= new AudioContext();
  void audio.resume();
  for (const start of [0, 0.18]) tone(audio, audio.currentTime + start);
}

function tone(context: AudioContext, at: number): void {
  const oscillator = context.createOscillator();
  const volume = context.createGain();
  oscillator.type = 'square';
  oscillator.frequency.value = 220;
  volume.gain.setValueAtTime(0.12, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.14);
  oscillator.connect(volume).connect(context.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.15);
}
