import type { Scenario } from './scenario.ts';
import { fanOutCost } from './scenarios/fan-out-cost.ts';
import { fanOutRate } from './scenarios/fan-out-rate.ts';
import { compression } from './scenarios/compression.ts';
import { filters } from './scenarios/filters.ts';
import { generatorCeiling } from './scenarios/generator-ceiling.ts';
import { idleMemory } from './scenarios/idle-memory.ts';
import { reconnect } from './scenarios/reconnect.ts';
import { scans } from './scenarios/scans.ts';
import { twoNodes } from './scenarios/two-nodes.ts';

/** In the order of the report. */
export const SCENARIOS: readonly Scenario[] = [generatorCeiling, fanOutCost, fanOutRate, filters, compression, idleMemory, reconnect, twoNodes, scans];
