import { expect, test } from "vitest";
import { Engine, entropy, logSoftmax, logSumExp, softmax } from "../../src/index.ts";

test("softmax runs", async () => {
  const engine = await Engine.create({ backend: "webgpu" });
  console.log(JSON.stringify(engine.adapter), JSON.stringify(engine.diagnosis?.code), engine.limits.maxStorageBufferBindingSize, engine.limits.maxBufferSize);
  const cpu = await Engine.create({ backend: "cpu" });
  for (const [rows, classes] of [[1,4],[3,7],[5,100],[64,1024],[2,32064],[1,1000000]] as const) {
    const data = Float32Array.from({ length: rows * classes }, (_, i) => Math.sin(i * 12.9898) * 10);
    for (const f of [softmax, logSoftmax, logSumExp, entropy]) {
      const a = await f(engine.tensor(data, [rows, classes])).read();
      const b = await f(cpu.tensor(data, [rows, classes])).read();
      let worst = 0;
      a.forEach((v, i) => { worst = Math.max(worst, Math.abs(v - b[i]!) / Math.max(1e-30, Math.abs(b[i]!))); });
      console.log(rows, classes, f.preparations.name, worst, Array.from(a.slice(0, 3)));
      expect(worst).toBeLessThan(1e-4);
    }
  }
});
