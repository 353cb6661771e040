import { css } from "lit";

export const logitChartStyles = css`
  :host {
    display: block;
  }

  .pen {
    fill: transparent;
    cursor: crosshair;
    touch-action: none;
  }

  .pen:focus {
    outline: none;
  }

  .pen:focus-visible {
    stroke: var(--focus);
    stroke-width: 2;
  }

  .logits {
    fill: none;
    stroke: var(--model);
    stroke-width: 1.5;
    stroke-linejoin: round;
  }

  .band {
    fill: var(--noise-wash);
  }

  .loudest {
    stroke: var(--noise);
    stroke-width: 1.5;
    stroke-dasharray: 2 3;
  }

  .cursor {
    fill: var(--ink);
    fill-opacity: 0.14;
  }

  .key {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-5);
    margin: 0 0 0 46px;
    color: var(--ink-soft);
    font: 400 var(--text-s) / 1.5 var(--sans);
  }

  .swatch {
    display: inline-block;
    width: 1.6em;
    height: 0.75em;
    margin-right: 0.45em;
    background: var(--noise-wash);
    forced-color-adjust: none;
  }

  .swatch.dots {
    height: 0;
    border-top: 2px dotted var(--noise);
    background: none;
    vertical-align: 0.25em;
  }

  .dot {
    fill: var(--paper-raised);
    stroke: var(--ink);
    stroke-width: 1.5;
  }
`;
