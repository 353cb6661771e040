// A Vulkan layer that writes each compute shader's SPIR-V to $CAPTURE_FOLDER/INDEX.spv, in the order of their making, and spares the
// driver the compiling: pipelines are then mere names, with which nothing can be computed.
//
//   cc -O1 -shared -fPIC capture.c -o libcapture.so

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vk_layer.h>
#include <vulkan/vulkan.h>

static PFN_vkGetInstanceProcAddr next_instance;
static PFN_vkGetDeviceProcAddr next_device;
static int modules = 0;
static uintptr_t pipelines = 0;

static VKAPI_ATTR VkResult VKAPI_CALL create_shader_module(VkDevice device, const VkShaderModuleCreateInfo *info,
                                                           const VkAllocationCallbacks *allocator, VkShaderModule *module) {
  char path[4096];
  snprintf(path, sizeof path, "%s/%d.spv", getenv("CAPTURE_FOLDER"), modules++);
  FILE *file = fopen(path, "wb");
  if (!file) {
    perror(path);
    exit(1);
  }
  fwrite(info->pCode, 1, info->codeSize, file);
  fclose(file);
  return ((PFN_vkCreateShaderModule)next_device(device, "vkCreateShaderModule"))(device, info, allocator, module);
}

static VKAPI_ATTR VkResult VKAPI_CALL create_compute_pipelines(VkDevice device, VkPipelineCache cache, uint32_t count,
                                                               const VkComputePipelineCreateInfo *infos,
                                                               const VkAllocationCallbacks *allocator, VkPipeline *made) {
  (void)device, (void)cache, (void)infos, (void)allocator;
  for (uint32_t i = 0; i < count; i++) made[i] = (VkPipeline)++pipelines;
  return VK_SUCCESS;
}

static VKAPI_ATTR void VKAPI_CALL destroy_pipeline(VkDevice device, VkPipeline pipeline, const VkAllocationCallbacks *allocator) {
  (void)device, (void)pipeline, (void)allocator;
}

// The entry that this layer has in a chain of VkLayerInstanceCreateInfo or VkLayerDeviceCreateInfo.
static void *link_of(const void *chain, VkStructureType type) {
  for (const VkBaseInStructure *one = chain; one; one = one->pNext) {
    if (one->sType == type && ((const VkLayerInstanceCreateInfo *)one)->function == VK_LAYER_LINK_INFO) return (void *)one;
  }
  fprintf(stderr, "the Vulkan loader names no next layer\n");
  exit(1);
}

static VKAPI_ATTR VkResult VKAPI_CALL create_instance(const VkInstanceCreateInfo *info, const VkAllocationCallbacks *allocator,
                                                      VkInstance *instance) {
  VkLayerInstanceCreateInfo *link = link_of(info->pNext, VK_STRUCTURE_TYPE_LOADER_INSTANCE_CREATE_INFO);
  next_instance = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;
  return ((PFN_vkCreateInstance)next_instance(0, "vkCreateInstance"))(info, allocator, instance);
}

static VKAPI_ATTR VkResult VKAPI_CALL create_device(VkPhysicalDevice gpu, const VkDeviceCreateInfo *info,
                                                    const VkAllocationCallbacks *allocator, VkDevice *device) {
  VkLayerDeviceCreateInfo *link = link_of(info->pNext, VK_STRUCTURE_TYPE_LOADER_DEVICE_CREATE_INFO);
  next_device = link->u.pLayerInfo->pfnNextGetDeviceProcAddr;
  PFN_vkGetInstanceProcAddr next = link->u.pLayerInfo->pfnNextGetInstanceProcAddr;
  link->u.pLayerInfo = link->u.pLayerInfo->pNext;
  return ((PFN_vkCreateDevice)next(0, "vkCreateDevice"))(gpu, info, allocator, device);
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL instance_address(VkInstance instance, const char *name);
static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL device_address(VkDevice device, const char *name);

static PFN_vkVoidFunction own(const char *name) {
  if (strcmp(name, "vkCreateInstance") == 0) return (PFN_vkVoidFunction)create_instance;
  if (strcmp(name, "vkCreateDevice") == 0) return (PFN_vkVoidFunction)create_device;
  if (strcmp(name, "vkCreateShaderModule") == 0) return (PFN_vkVoidFunction)create_shader_module;
  if (strcmp(name, "vkCreateComputePipelines") == 0) return (PFN_vkVoidFunction)create_compute_pipelines;
  if (strcmp(name, "vkDestroyPipeline") == 0) return (PFN_vkVoidFunction)destroy_pipeline;
  if (strcmp(name, "vkGetInstanceProcAddr") == 0) return (PFN_vkVoidFunction)instance_address;
  if (strcmp(name, "vkGetDeviceProcAddr") == 0) return (PFN_vkVoidFunction)device_address;
  return 0;
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL instance_address(VkInstance instance, const char *name) {
  PFN_vkVoidFunction mine = own(name);
  return mine ? mine : next_instance ? next_instance(instance, name) : 0;
}

static VKAPI_ATTR PFN_vkVoidFunction VKAPI_CALL device_address(VkDevice device, const char *name) {
  PFN_vkVoidFunction mine = own(name);
  return mine ? mine : next_device(device, name);
}

VKAPI_ATTR VkResult VKAPI_CALL vkNegotiateLoaderLayerInterfaceVersion(VkNegotiateLayerInterface *versions) {
  versions->pfnGetInstanceProcAddr = instance_address;
  versions->pfnGetDeviceProcAddr = device_address;
  versions->pfnGetPhysicalDeviceProcAddr = 0;
  return VK_SUCCESS;
}
