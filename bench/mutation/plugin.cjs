// Stryker imports plugins as JavaScript: this one is written in TypeScript like everything else.
require('ts-node/register/transpile-only');
exports.strykerPlugins = require('./runner.ts').strykerPlugins;
