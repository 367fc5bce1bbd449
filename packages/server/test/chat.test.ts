import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatHistory, postChat } from '../src/domain/chat.ts';
import { chatRetention } from '../src/jobs/chat-retention.ts';
import { KIOSK, openDesk, type Desk } from './desk.ts';
import { letPass, MINUTE, told } from './holdings.ts';

const DAY = 24 * 60 * MINUTE;
let desk: Desk;
beforeEach(async () => void (desk = await openDesk()));
afterEach(() => desk.close());

const post = (text: string, clientMessageId: string, room = 'staff') => desk.run((unit) => postChat(unit, { room, text, clientMessageId }));
const texts = async (room = 'staff') => (await chatHistory(desk.runner.db, room, { limit: 10 })).map((row) => row.text);

describe('[CHT1] chat', () => {
  it('stores and tells a message once, however often it is sent', async () => {
    const first = await post('Coffee?', 'c-1');
    expect(first).toMatchObject({ room: 'staff', userId: 'user_ana', username: 'Ana', text: 'Coffee?', clientMessageId: 'c-1', timestamp: '2025-10-14T02:30:00.000Z' });
    expect(await post('Coffee?', 'c-1')).toEqual(first);
    expect(told(desk, 'chat_message')).toEqual([first]);
  });

  it('has the room of the staff and one per location, in any letter case', async () => {
    expect((await post('here', 'c-2', 'main library')).room).toBe('Main Library');
    await expect(post('lost', 'c-3', 'Attic')).rejects.toMatchObject({ status: 400, message: expect.stringContaining('staff, Main Library, AVR Room, Recreational Room') as unknown });
  });

  it('is not for kiosks, and not for nothing', async () => {
    await expect(desk.run((unit) => postChat(unit, { room: 'staff', text: 'hi', clientMessageId: 'k' }), KIOSK)).rejects.toMatchObject({ status: 403 });
    await expect(post(' \n ', 'c-4')).rejects.toMatchObject({ status: 400 });
  });

  it('gives its history newest first, page by page', async () => {
    for (const text of ['one', 'two', 'three']) await post(text, text);
    const page = await chatHistory(desk.runner.db, 'staff', { limit: 2 });
    expect(page.map((row) => row.text)).toEqual(['three', 'two']);
    expect((await chatHistory(desk.runner.db, 'staff', { limit: 2, before: page.at(-1)!.seq })).map((row) => row.text)).toEqual(['one']);
  });

  it('forgets a message after 30 days', async () => {
    await post('old', 'c-5');
    await letPass(desk, chatRetention, DAY);
    await post('new', 'c-6');
    await letPass(desk, chatRetention, 29 * DAY - 1);
    expect(await texts()).toEqual(['new', 'old']);
    await letPass(desk, chatRetention, 1);
    expect(await texts()).toEqual(['new']);
  });
});
