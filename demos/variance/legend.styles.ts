import { css } from "lit";

/** Keys of the error chart, and the switches of its methods. */
export const legendStyles = css`
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

  .slope {
    display: none;
  }

  @media (max-width: 40rem) {
    .slope {
      display: inline;
      font-weight: 400;
    }
  }

  @media (pointer: coarse) {
    .methods label {
      min-height: 44px;
    }
  }
`;
