#!/usr/bin/env node
// Stands in for a VS Code executable, so that @vscode/test-electron starts it like one. Everything is in launch.ts.
import './launch.ts';
