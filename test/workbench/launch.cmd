@echo off
rem Stands in for a VS Code executable on Windows. Everything is in launch.ts.
node --disable-warning=ExperimentalWarning "%~dp0launch.mjs" %*
