/** For tests: a transport that goes nowhere and remembers what was asked of it. */
import { vi } from 'vitest';
import type { Transport } from './transport';

export function silentTransport() {
  return {
    connect: vi.fn<Transport['connect']>(),
    close: vi.fn<Transport['close']>(),
    retry: vi.fn<Transport['retry']>(),
    refresh: vi.fn<Transport['refresh']>(),
    watch: vi.fn<Transport['watch']>(),
    watchSetup: vi.fn<Transport['watchSetup']>(),
    act: vi.fn<Transport['act']>(async () => []),
  } satisfies Transport;
}
