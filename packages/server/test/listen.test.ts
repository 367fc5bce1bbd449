import { afterEach, describe, expect, it } from 'vitest';
import { listen, type Listening } from '../src/listen.ts';
import { StartError } from '../src/start-step.ts';

const open: Listening[] = [];
afterEach(async () => void (await Promise.all(open.splice(0).map((one) => one.close()))));

async function serve(port = 0): Promise<Listening> {
  const listening = await listen((_request, response) => void response.end('here'), '127.0.0.1', port, 'CLMS_HTTP_PORT');
  open.push(listening);
  return listening;
}

describe('listening', () => {
  it('takes any free port for 0 and answers there', async () => {
    const { port } = await serve();
    expect(await (await fetch(`http://127.0.0.1:${port}/`)).text()).toBe('here');
  });

  it('names a busy port together with the variable that moves it', async () => {
    const { port } = await serve();
    await expect(serve(port)).rejects.toThrow(StartError);
    await expect(serve(port)).rejects.toThrow(new RegExp(`${port}.*CLMS_HTTP_PORT`));
  });

  it('names an address that the machine does not have', async () => {
    await expect(listen(() => undefined, '192.0.2.1', 0, 'CLMS_HTTP_PORT')).rejects.toThrow(/CLMS_HOST/);
  });
});
