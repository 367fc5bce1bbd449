import type { Page, WebSocket } from 'playwright-core';

interface Frame {
  readonly type: string;
  readonly topic?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** What a page says over its sockets, and how many it opened. */
export class WireWatch {
  readonly sockets: WebSocket[] = [];
  readonly sent: Frame[] = [];
  readonly received: Frame[] = [];

  constructor(page: Page) {
    page.on('websocket', (socket) => {
      this.sockets.push(socket);
      socket.on('framesent', ({ payload }) => this.sent.push(JSON.parse(String(payload)) as Frame));
      socket.on('framereceived', ({ payload }) => this.received.push(JSON.parse(String(payload)) as Frame));
    });
  }

  count(type: string): number {
    return this.sent.filter((frame) => frame.type === type).length;
  }
}
