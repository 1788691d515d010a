#!/usr/bin/env node
import '../dist/ingest/cli/main.js';
