import type { Environment } from './environment.ts';

const SETTING = 'ws_debug';
/** A JWT, wherever it stands. */
const TOKEN = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** Logs when `localStorage.ws_debug` is `'true'` [CL10]. Looked up at every line, so that it can be switched on in a running page. */
export function debugLog(env: Environment): (text: string, detail?: unknown) => void {
  return (text, detail) => {
    if (env.setting(SETTING) !== 'true') return;
    env.log('debug', `[clms] ${masked(text)}`, detail === undefined ? undefined : masked(JSON.stringify(detail)));
  };
}

function masked(text: string): string {
  return text.replace(TOKEN, '<token>').replace(/("token":")[^"]*/g, '$1<token>');
}
