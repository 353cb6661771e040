import { css } from "lit";

export const varianceStyles = css`
  :host {
    display: block;
    color: var(--ink);
    font: 400 var(--text-m) / 1.5 var(--sans);
    font-variant-numeric: tabular-nums lining-nums;
  }

  .body {
    display: grid;
    grid-template-columns: minmax(0, 1fr) 18.5rem;
    gap: var(--space-6) var(--space-6);
    align-items: start;
  }

  .stage {
    display: flex;
    flex-direction: column;
    align-self: stretch;
    min-width: 0;
  }

  run-strip {
    margin-top: auto;
  }

  h2,
  h3 {
    margin: 0;
    font: 600 var(--text-m) / 1.3 var(--sans);
  }

  .asked {
    margin: 0;
    font-size: var(--text-l);
    line-height: 1.3;
    overflow-wrap: anywhere;
  }

  .asked code {
    font: 400 0.92em / 1.3 var(--mono);
    font-variant-ligatures: none;
  }

  .bracket {
    padding-inline: 0.1em;
    font-weight: 300;
  }

  .soft {
    color: var(--ink-soft);
    font-size: var(--text-m);
  }

  .number {
    margin: var(--space-1) 0 var(--space-2);
    font-size: clamp(2.6rem, 1rem + 7.5vw, 6.4rem);
    font-weight: 300;
    line-height: 1.08;
    letter-spacing: -0.025em;
  }

  .faint {
    color: var(--digit-faded);
  }

  .under {
    display: flex;
    flex-wrap: wrap;
    gap: 0 var(--space-5);
    min-height: 1.5em;
    margin: 0 0 var(--space-5);
    color: var(--ink-soft);
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
    margin-top: var(--space-4);
  }

  button.run {
    min-width: 8.5rem;
    min-height: 46px;
    border-color: var(--ink);
    background: var(--ink);
    color: var(--paper);
    font-size: 1.0625rem;
    font-weight: 600;
  }

  button.run:hover:not(:disabled) {
    background: var(--ink-soft);
  }

  button.run:disabled {
    border-color: var(--rule);
    background: var(--rule);
    color: var(--ink-soft);
  }

  .buttons button:not(.run) {
    min-height: 46px;
  }

  .progress {
    margin-left: var(--space-2);
    color: var(--ink-soft);
    font-size: var(--text-s);
  }

  .progress b {
    color: var(--ink);
    font-weight: 600;
  }

  .charts {
    display: grid;
    gap: var(--space-4);
    min-width: 0;
  }

  .charts section {
    min-width: 0;
  }

  .title {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2) var(--space-4);
    align-items: center;
    justify-content: space-between;
    min-height: 34px;
    margin-bottom: var(--space-2);
  }

  output {
    display: block;
    min-height: 2.7em;
    color: var(--ink-soft);
    font-size: var(--text-s);
    line-height: 1.35;
  }

  .aside {
    display: grid;
    gap: var(--space-6);
    min-width: 0;
  }

  .aside h3 {
    margin-bottom: var(--space-3);
  }

  .hint {
    margin: var(--space-3) 0 0;
    color: var(--ink-faint);
    font-size: var(--text-xs);
  }

  .legend {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
    align-items: center;
    margin: var(--space-2) 0 0;
    font-size: var(--text-s);
  }

  .key {
    display: inline-flex;
    gap: 0.45em;
    align-items: center;
    color: var(--ink-soft);
  }

  .key i {
    width: 18px;
    height: 0;
    border-top: 2.5px solid var(--gpu);
    forced-color-adjust: none;
  }

  .key.cpu i {
    border-color: var(--cpu);
  }

  .key.circle i {
    width: 8px;
    height: 8px;
    border: 1.5px solid var(--ink);
    border-radius: 50%;
  }

  .key.dot i {
    width: 5px;
    height: 5px;
    border: 0;
    border-radius: 50%;
    background: var(--noise);
  }

  .methods {
    display: inline-flex;
    flex-wrap: wrap;
    gap: var(--space-1) var(--space-4);
  }

  .methods label {
    display: inline-flex;
    gap: 0.4em;
    align-items: center;
    min-height: 28px;
    font-weight: 600;
    cursor: pointer;
  }

  .methods path {
    fill: none;
    stroke: currentColor;
    stroke-width: 1.75;
  }

  .methods label:has(:disabled) {
    color: var(--ink-faint);
    font-weight: 400;
    cursor: not-allowed;
  }

  label.antithetic {
    color: var(--method-antithetic);
  }

  label.control {
    color: var(--method-control);
  }

  label.stratified {
    color: var(--method-stratified);
  }

  label.sobol {
    color: var(--method-sobol);
  }

  .caption {
    max-width: var(--measure);
    margin: var(--space-6) 0 var(--space-2);
    font: 400 var(--text-body) / 1.55 var(--serif);
  }

  .provenance {
    max-width: 80ch;
    margin: 0 0 var(--space-4);
    color: var(--ink-faint);
    font-size: var(--text-s);
  }

  .tools {
    display: flex;
    flex-wrap: wrap;
    gap: var(--space-2);
    align-items: center;
  }

  .notice {
    max-width: 80ch;
    margin: 0 0 var(--space-4);
    padding: var(--space-3) var(--space-4);
    border-left: 3px solid var(--model);
    background: var(--paper-sunk);
    font-size: var(--text-s);
  }

  @media (max-width: 60rem) {
    .body {
      grid-template-columns: minmax(0, 1fr);
    }

    .aside {
      grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr));
    }

    question-form {
      grid-row: 3;
    }
  }

  @media (pointer: coarse) {
    .methods label {
      min-height: 44px;
    }
  }
`;
