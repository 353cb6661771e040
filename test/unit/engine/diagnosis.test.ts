import { afterEach, describe, expect, test, vi } from "vitest";
import { DeviceLostError, Engine, InputError, softmax, UnsupportedError } from "../../../src/index.ts";
import { fakeGpu } from "../../support/engine/fake-gpu.ts";

afterEach(() => vi.unstubAllGlobals());

const none = undefined as unknown as GPU;

function gpuThat(requestAdapter: () => Promise<unknown>): GPU {
  return { requestAdapter } as unknown as GPU;
}

function adapterThat(requestDevice: () => Promise<unknown>): GPU {
  return gpuThat(async () => ({ limits: fakeLimits, info: {}, requestDevice }));
}

const fakeLimits = {
  maxComputeInvocationsPerWorkgroup: 256,
  maxComputeWorkgroupSizeX: 256,
  maxComputeWorkgroupStorageSize: 16_384,
  maxStorageBuffersPerShaderStage: 8,
};

interface Rung {
  readonly name: string;
  readonly gpu: GPU;
  readonly secure?: boolean;
  /** Node runs these tests, and has none of its own. */
  readonly document?: object;
  readonly code: string;
  readonly message: string;
  readonly fix: RegExp;
}

const rungs: readonly Rung[] = [
  {
    name: "an insecure page",
    gpu: none,
    secure: false,
    code: "insecure-context",
    message: "This page is not a secure context, so the browser hides WebGPU from it.",
    fix: /https.*localhost/,
  },
  {
    name: "a browser without the API",
    gpu: none,
    secure: true,
    document: {},
    code: "no-api",
    message: "This browser has no WebGPU (navigator.gpu is missing).",
    fix: /Chrome or Edge 113\+, Safari 26\+, or Firefox 141\+/,
  },
  {
    name: "Node",
    gpu: none,
    code: "no-api",
    message: "Node has no WebGPU of its own (navigator.gpu is missing).",
    fix: /\{ gpu \}.*npm package webgpu.*\{ backend: "cpu" \}/,
  },
  {
    name: "a null adapter",
    gpu: gpuThat(async () => null),
    code: "adapter-null",
    message: "This browser has WebGPU, but found no usable GPU.",
    fix: /hardware acceleration.*chrome:\/\/gpu.*about:support/,
  },
  {
    name: "a requestAdapter that rejects",
    gpu: gpuThat(async () => {
      throw new TypeError("blocklisted");
    }),
    code: "adapter-error",
    message: "The browser refused to give an adapter: blocklisted",
    fix: /update the driver/,
  },
  {
    name: "a requestAdapter that throws",
    gpu: gpuThat(() => {
      throw new Error("not here");
    }),
    code: "adapter-error",
    message: "The browser refused to give an adapter: not here",
    fix: /update the driver/,
  },
  {
    name: "a requestDevice that rejects",
    gpu: adapterThat(async () => {
      throw new DOMException("busy", "OperationError");
    }),
    code: "device-error",
    message: "The GPU was found, but gave no device: busy",
    fix: /Close other tabs/,
  },
  {
    name: "limits below what the kernels need",
    gpu: fakeGpu({ maxComputeInvocationsPerWorkgroup: 128, maxStorageBuffersPerShaderStage: 4 }).gpu,
    code: "limits",
    message:
      "This GPU offers less than the kernels need: maxComputeInvocationsPerWorkgroup is 128, needed 256; maxStorageBuffersPerShaderStage is 4, needed 8",
    fix: /core WebGPU limits/,
  },
];

describe.each(rungs)("$name", ({ gpu, secure = true, document, code, message, fix }) => {
  test(`falls back to the CPU engine and says why (${code})`, async () => {
    vi.stubGlobal("isSecureContext", secure);
    vi.stubGlobal("document", document);
    vi.stubGlobal("navigator", {});
    using engine = await Engine.create({ gpu });
    expect(engine.backend).toBe("cpu");
    expect(engine.device).toBeUndefined();
    expect(engine.diagnosis).toMatchObject({ code, message });
    expect(engine.diagnosis?.fix).toMatch(fix);
    using y = softmax(engine.tensor([1, 1], [2]));
    expect([...(await y.read())]).toEqual([0.5, 0.5]);
  });

  test(`is an UnsupportedError with the code ${code} where WebGPU was asked for`, async () => {
    vi.stubGlobal("isSecureContext", secure);
    vi.stubGlobal("document", document);
    vi.stubGlobal("navigator", {});
    const error: unknown = await Engine.create({ gpu, backend: "webgpu" }).catch((reason) => reason);
    expect(error).toBeInstanceOf(UnsupportedError);
    expect(error).toMatchObject({ name: "UnsupportedError", code });
    expect((error as Error).message).toContain(`Engine.create: ${message}`);
    expect((error as Error).message).toMatch(fix);
  });
});

describe("a GPU that works", () => {
  test("has no diagnosis, and tells what the adapter told", async () => {
    const { gpu } = fakeGpu({}, { vendor: "acme", architecture: "turbo", description: "Acme Turbo 9" });
    using engine = await Engine.create({ gpu });
    expect(engine.backend).toBe("webgpu");
    expect(engine.diagnosis).toBeUndefined();
    expect(engine.adapter).toEqual({
      vendor: "acme",
      architecture: "turbo",
      description: "Acme Turbo 9",
      software: false,
    });
  });

  test.each([
    { architecture: "swiftshader" },
    { description: "llvmpipe (LLVM 15.0.6, 256 bits)" },
    { description: "Microsoft Basic Render Driver" },
    { isFallbackAdapter: true },
  ])("is called software when the adapter is: %j", async (info) => {
    using engine = await Engine.create({ gpu: fakeGpu({}, info).gpu });
    expect(engine.backend).toBe("webgpu");
    expect(engine.adapter.software).toBe(true);
    expect(engine.diagnosis?.code).toBe("software-adapter");
    expect(engine.diagnosis?.message).toMatch(/^WebGPU runs on the CPU here \(.+\): results are right/);
  });

  test("is asked for the power preference, and for all the memory that it has", async () => {
    const { gpu } = fakeGpu();
    const asked = vi.spyOn(gpu, "requestAdapter");
    const adapter = (await gpu.requestAdapter()) as GPUAdapter;
    const requested = vi.spyOn(adapter, "requestDevice");
    asked.mockResolvedValue(adapter);
    using _ = await Engine.create({ gpu, powerPreference: "low-power" });
    expect(asked).toHaveBeenLastCalledWith({ powerPreference: "low-power" });
    expect(requested).toHaveBeenCalledWith(
      expect.objectContaining({ requiredLimits: { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 } }),
    );
  });
});

describe("an adopted device", () => {
  async function device(limits: Parameters<typeof fakeGpu>[0]): Promise<GPUDevice> {
    const adapter = (await fakeGpu(limits).gpu.requestAdapter()) as GPUAdapter;
    return adapter.requestDevice();
  }

  test("with too little is refused like an adapter of that kind", async () => {
    using good = await Engine.create({ device: await device({}) });
    expect(good.backend).toBe("webgpu");
    const poor = await device({ maxStorageBuffersPerShaderStage: 4 });
    await expect(Engine.create({ device: poor, backend: "webgpu" })).rejects.toMatchObject({ code: "limits" });
    using fallen = await Engine.create({ device: poor });
    expect(fallen.diagnosis?.message).toContain("maxStorageBuffersPerShaderStage is 4, needed 8");
  });

  test.each(["auto", "webgpu"] as const)("that is lost already is refused, with backend %s", async (backend) => {
    const fake = fakeGpu();
    const adapter = (await fake.gpu.requestAdapter()) as GPUAdapter;
    const lost = await adapter.requestDevice();
    fake.lose("it was destroyed");
    const error = await Engine.create({ device: lost, backend }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DeviceLostError);
    expect((error as Error).message).toBe(
      "Engine.create: the GPU device was lost (unknown) it was destroyed; adopt a device that lives",
    );
  });

  test.each([null, {}, "gpu", fakeGpu().gpu])("must be a GPUDevice, not %o", async (odd) => {
    await expect(Engine.create({ device: odd as never })).rejects.toThrow(
      /^Engine\.create: device must be a GPUDevice, got (null|an object|"gpu")$/,
    );
  });
});

test("the CPU engine on request says that it was asked for", async () => {
  using engine = await Engine.create({ backend: "cpu", gpu: fakeGpu().gpu });
  expect(engine.backend).toBe("cpu");
  expect(engine.diagnosis?.code).toBe("asked-for-cpu");
});

test("a backend of another name is an InputError", async () => {
  const options = { backend: "gpu" as "cpu" };
  await expect(Engine.create(options)).rejects.toThrow(InputError);
  await expect(Engine.create(options)).rejects.toThrow(
    'Engine.create: backend must be "auto", "webgpu" or "cpu", got "gpu"',
  );
});

describe("engine.view", () => {
  test("needs a buffer that holds the shape, with STORAGE, from an aligned byte on", async () => {
    using engine = await Engine.create({ gpu: fakeGpu().gpu });
    const buffer = { size: 1_024, usage: 0x80 } as GPUBuffer;
    const shape = [64];
    expect(engine.view(buffer, { shape, byteOffset: 768 }).byteOffset).toBe(768);
    expect(() => engine.view(buffer, { shape: [65], byteOffset: 768 })).toThrow(
      "view: f32 [65] from byte 768 needs 1028 bytes, got a buffer of 1024",
    );
    for (const byteOffset of [4, -256, 0.5, Number.NaN]) {
      expect(() => engine.view(buffer, { shape, byteOffset })).toThrow(
        `view: byteOffset must be a multiple of 256, got ${byteOffset}`,
      );
    }
    expect(() => engine.view({ size: 1_024, usage: 0x8 } as GPUBuffer, { shape })).toThrow(
      "view: the buffer must have been created with GPUBufferUsage.STORAGE",
    );
    expect(() => engine.view(buffer, { shape, dtype: "f64" as "f32" })).toThrow(
      'view: dtype must be one of "f32", "u32", "i32", "f16", "bf16", got "f64"',
    );
    expect(() => engine.view(buffer, { shape: [-1] })).toThrow(
      "view: shape must be a list of whole numbers >= 0, got [-1]",
    );
  });
});
