import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const EXCLUDED = ['**/node_modules/**', '**/dist/**', '**/*.interop.test.ts'];

/**
 * Files that share a process and what it loaded, one after another: the house loads in a second, and some hundred files need no fresh one.
 * Not here is what starts or measures processes, counts memory, or drives a browser.
 */
const TOGETHER = [
  'lib/**/*.test.ts',
  'contract/**/*.test.ts',
  'apps/server/src/{access,anchors,archive,catalogue,desk,evidence,http,keeping,organisation,pages,personal,search,serve,watch}/**/*.test.ts',
];

/** The longest, begun first: begun last, one of them would run alone while the other worker rests. */
const LONGEST = ['test/durability/kill.test.ts', 'test/e2e/web.test.ts', 'test/durability/rekey.test.ts', 'test/e2e/rights.test.ts'];

/** The longest, then the rest of those apart, then those together: a process is shared only by files that follow each other. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      const place = LONGEST.findIndex((file) => moduleId.endsWith(`/${file}`));
      return place >= 0 ? place : LONGEST.length + (project.name === 'together' ? 1 : 0);
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

const each = { testTimeout: 60_000, hookTimeout: 120_000, pool: 'forks' } as const;

// One run for the whole house: lib, adapters, server on the real embedded PostgreSQL, and the browser.
export default defineConfig({
  test: {
    globalSetup: ['test/global-setup.ts'],
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...each,
          name: 'apart',
          include: ['adapters/**/*.test.ts', 'apps/**/*.test.ts', 'test/**/*.test.ts', 'tools/**/*.test.ts'],
          exclude: [...EXCLUDED, ...TOGETHER],
        },
      },
      { test: { ...each, name: 'together', include: TOGETHER, exclude: EXCLUDED, isolate: false } },
    ],
  },
});
