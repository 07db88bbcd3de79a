"use strict";
// uPlot draws as finely as the screen; paper is finer, so every canvas gets at least twice the pixels.
window.devicePixelRatio = Math.max(2, window.devicePixelRatio);
