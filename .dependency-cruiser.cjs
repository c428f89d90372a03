// The dependency rule of the house: arrows point down, apps → adapters → lib → lib/values. `npm run check:rules`.
/** @type {import('dependency-cruiser').IConfiguration} */
const SERVER_FEATURES = '^apps/server/src/([^/]+)/';

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      comment: 'Two files that need each other are one room with a wall through it: neither can be read, tested or moved alone.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'lib-knows-no-outside',
      comment: 'lib is bytes and values in, value or error out. An adapter or app it knew would bring the outside in by the back door.',
      severity: 'error',
      // Tests of lib may take the real cryptography from an adapter rather than pretend one.
      from: { path: '^lib/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(adapters|apps|contract|bench|tools)/' },
    },
    {
      name: 'lib-is-pure',
      comment: 'No network, disk, clock, environment or randomness in lib: it runs in a browser and under tests that fix all of these.',
      severity: 'error',
      from: { path: '^lib/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'values-know-nobody',
      comment: 'lib/values is the floor: what everybody speaks of must not depend on anybody.',
      severity: 'error',
      from: { path: '^lib/values/', pathNot: '\\.test\\.ts$' },
      to: { pathNot: '^lib/values/' },
    },
    {
      name: 'adapters-know-no-apps',
      comment: 'An adapter is one outside thing behind an interface of lib. One that knew an app could serve no other.',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^(apps|contract|bench|tools)/' },
    },
    {
      name: 'contract-knows-no-app',
      comment: 'The contract stands between server and web and is read by strangers: it may use the words of lib, and nothing that runs.',
      severity: 'error',
      from: { path: '^contract/', pathNot: '\\.test\\.ts$' },
      to: { path: '^(adapters|apps|bench|tools)/' },
    },
    {
      name: 'web-never-imports-server',
      comment:
        'The web page speaks to the server over the contract alone; code of the server in the page would ship its secrets and its size.',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^(apps/(server|cli)|adapters/(?!primitives-web/))' },
    },
    {
      name: 'server-knows-no-front',
      comment: 'The server serves whoever asks; it must not know the program that started it or the page that shows it.',
      severity: 'error',
      from: { path: '^apps/server/' },
      to: { path: '^apps/(web|cli)/' },
    },
    {
      name: 'features-meet-at-the-door',
      comment: 'Features of the server meet only through their index.ts, so that each can be changed behind its door.',
      severity: 'error',
      // What tests share is no part of the product and is not offered at its doors.
      from: { path: SERVER_FEATURES, pathNot: ['\\.test\\.ts$', '(^|/)testing/'] },
      to: { path: SERVER_FEATURES, pathNot: ['^apps/server/src/$1/', '^apps/server/src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'the-server-is-entered-by-its-doors',
      comment: 'The files that join the features (app.ts, main.ts) see the doors of the rooms, not the furniture.',
      severity: 'error',
      from: { path: '^apps/server/src/[^/]+\\.ts$', pathNot: '\\.test\\.ts$' },
      to: { path: SERVER_FEATURES, pathNot: '^apps/server/src/[^/]+/index\\.ts$' },
    },
    {
      name: 'packages-are-entered-by-name',
      comment: 'A relative path into another package goes around its exports, and around this check.',
      severity: 'error',
      from: { path: '^(lib/[^/]+|adapters/[^/]+|apps/[^/]+|contract)/' },
      to: { path: '^(lib|adapters|apps|contract)/', pathNot: '^$1/', dependencyTypesNot: ['aliased-workspace'] },
    },
    {
      name: 'product-knows-no-tests',
      comment: 'What runs must not need what tests it.',
      severity: 'error',
      from: {
        pathNot: [
          '\\.test\\.tsx?$',
          '(^|/)testing/',
          '^(test|bench|tools)/',
          '/test-(database|broker)\\.ts$',
          '^(lib|adapters)/.*/contract(/|\\.ts$)',
        ],
      },
      to: {
        path: [
          '\\.test\\.tsx?$',
          '(^|/)testing/',
          '^(test|bench)/',
          '/test-(database|broker)\\.ts$',
          '^node_modules/(vitest|fast-check|playwright-core)/',
        ],
      },
    },
    {
      name: 'only-what-is-installed',
      comment: 'A package that package.json does not name may be gone tomorrow.',
      severity: 'error',
      from: {},
      to: { dependencyTypes: ['npm-no-pkg'] },
    },
    {
      name: 'nothing-unresolvable',
      comment: 'An import that leads nowhere fails at the customer.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '^virtual:' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    combinedDependencies: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
    },
  },
};
