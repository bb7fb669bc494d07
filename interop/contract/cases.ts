/** Cases in YAML → scenarios. */
import type { Scenario } from '../model/scenario.ts';
import type { Builder } from './builder.ts';
import type { Settings } from './settings.ts';

/** Reads a contract's case files. Throws a UsageError with file, line and what is wrong there. */
export function readCases(_folder: string, _settings: Settings, _builder: Builder): readonly Scenario[] {
  return [];
}
