// Compiles SPIR-V compute shaders with the Vulkan driver at hand and prints what that driver says of its machine code, one
// JSON object a line; the assembly goes to FOLDER/NAME.s.
//
//   cc -O1 compile.c -lvulkan -o compile
//   compile FOLDER FILE.spv ...
//
// With RADV_FORCE_FAMILY set, Mesa's driver compiles for that GPU of AMD's, which need not be there.

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vulkan/vulkan.h>

enum { OP_ENTRY_POINT = 15, OP_VARIABLE = 59, OP_DECORATE = 71, BINDING = 33, DESCRIPTOR_SET = 34, UNIFORM = 2, SETS = 4, MOST = 64 };

static void check(VkResult result, const char *what) {
  if (result == VK_SUCCESS) return;
  fprintf(stderr, "%s: VkResult %d\n", what, result);
  exit(1);
}

static uint32_t *load(const char *path, size_t *bytes) {
  FILE *file = fopen(path, "rb");
  if (!file) {
    perror(path);
    exit(1);
  }
  fseek(file, 0, SEEK_END);
  *bytes = (size_t)ftell(file);
  rewind(file);
  uint32_t *words = malloc(*bytes);
  if (fread(words, 1, *bytes, file) != *bytes) exit(1);
  fclose(file);
  return words;
}

static VkDevice make_device(VkPhysicalDevice gpu) {
  float priority = 1;
  VkDeviceQueueCreateInfo queue = {VK_STRUCTURE_TYPE_DEVICE_QUEUE_CREATE_INFO, .queueCount = 1, .pQueuePriorities = &priority};
  VkPhysicalDevicePipelineExecutablePropertiesFeaturesKHR executables = {
      VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PIPELINE_EXECUTABLE_PROPERTIES_FEATURES_KHR, .pipelineExecutableInfo = 1};
  VkPhysicalDeviceVulkan13Features v13 = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_3_FEATURES, .pNext = &executables,
                                          .subgroupSizeControl = 1, .computeFullSubgroups = 1,
                                          .shaderZeroInitializeWorkgroupMemory = 1, .shaderIntegerDotProduct = 1};
  VkPhysicalDeviceVulkan12Features v12 = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_2_FEATURES, .pNext = &v13,
                                          .vulkanMemoryModel = 1, .vulkanMemoryModelDeviceScope = 1, .shaderFloat16 = 1};
  VkPhysicalDeviceVulkan11Features v11 = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_VULKAN_1_1_FEATURES, .pNext = &v12,
                                          .storageBuffer16BitAccess = 1};
  VkPhysicalDeviceFeatures2 features = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_FEATURES_2, .pNext = &v11};
  const char *extensions[] = {VK_KHR_PIPELINE_EXECUTABLE_PROPERTIES_EXTENSION_NAME};
  VkDeviceCreateInfo info = {VK_STRUCTURE_TYPE_DEVICE_CREATE_INFO, .pNext = &features, .queueCreateInfoCount = 1,
                             .pQueueCreateInfos = &queue, .enabledExtensionCount = 1, .ppEnabledExtensionNames = extensions};
  VkDevice device;
  check(vkCreateDevice(gpu, &info, 0, &device), "vkCreateDevice");
  return device;
}

// A pipeline's layout, as the module's own decorations ask for it; and the name of its entry point.
static VkPipelineLayout make_layout(VkDevice device, const uint32_t *words, size_t count, const char **entry) {
  uint32_t bound = words[3], used[SETS] = {0};
  uint32_t *binding = malloc(bound * sizeof *binding), *set = calloc(bound, sizeof *set);
  memset(binding, 0xff, bound * sizeof *binding);
  VkDescriptorSetLayoutBinding bindings[SETS][MOST];
  for (size_t i = 5; i < count; i += words[i] >> 16) {
    uint32_t op = words[i] & 0xffff;
    if (op == OP_ENTRY_POINT) *entry = (const char *)&words[i + 3];
    if (op == OP_DECORATE && words[i + 2] == BINDING) binding[words[i + 1]] = words[i + 3];
    if (op == OP_DECORATE && words[i + 2] == DESCRIPTOR_SET) set[words[i + 1]] = words[i + 3];
  }
  for (size_t i = 5; i < count; i += words[i] >> 16) {
    uint32_t id = words[i + 2];
    if ((words[i] & 0xffff) != OP_VARIABLE || binding[id] == UINT32_MAX || set[id] >= SETS || used[set[id]] == MOST) continue;
    VkDescriptorType type = words[i + 3] == UNIFORM ? VK_DESCRIPTOR_TYPE_UNIFORM_BUFFER : VK_DESCRIPTOR_TYPE_STORAGE_BUFFER;
    bindings[set[id]][used[set[id]]++] = (VkDescriptorSetLayoutBinding){
        .binding = binding[id], .descriptorType = type, .descriptorCount = 1, .stageFlags = VK_SHADER_STAGE_COMPUTE_BIT};
  }
  free(binding);
  free(set);
  VkDescriptorSetLayout sets[SETS];
  for (uint32_t k = 0; k < SETS; k++) {
    VkDescriptorSetLayoutCreateInfo info = {VK_STRUCTURE_TYPE_DESCRIPTOR_SET_LAYOUT_CREATE_INFO, .bindingCount = used[k],
                                            .pBindings = bindings[k]};
    check(vkCreateDescriptorSetLayout(device, &info, 0, &sets[k]), "vkCreateDescriptorSetLayout");
  }
  VkPushConstantRange constants = {VK_SHADER_STAGE_COMPUTE_BIT, 0, 128};
  VkPipelineLayoutCreateInfo info = {VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO, .setLayoutCount = SETS, .pSetLayouts = sets,
                                     .pushConstantRangeCount = 1, .pPushConstantRanges = &constants};
  VkPipelineLayout layout;
  check(vkCreatePipelineLayout(device, &info, 0, &layout), "vkCreatePipelineLayout");
  return layout;
}

static void write_assembly(VkDevice device, const VkPipelineExecutableInfoKHR *which, const char *folder, const char *name) {
  PFN_vkGetPipelineExecutableInternalRepresentationsKHR get =
      (PFN_vkGetPipelineExecutableInternalRepresentationsKHR)vkGetDeviceProcAddr(device, "vkGetPipelineExecutableInternalRepresentationsKHR");
  VkPipelineExecutableInternalRepresentationKHR texts[MOST];
  uint32_t count = MOST;
  for (int i = 0; i < MOST; i++)
    texts[i] = (VkPipelineExecutableInternalRepresentationKHR){VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INTERNAL_REPRESENTATION_KHR};
  check(get(device, which, &count, texts), "vkGetPipelineExecutableInternalRepresentationsKHR");
  for (uint32_t i = 0; i < count; i++) texts[i].pData = calloc(1, texts[i].dataSize + 1);
  check(get(device, which, &count, texts), "vkGetPipelineExecutableInternalRepresentationsKHR");
  for (uint32_t i = 0; i < count; i++) {
    if (strcmp(texts[i].name, "Assembly") == 0) {
      char path[4096];
      snprintf(path, sizeof path, "%s/%s.s", folder, name);
      FILE *file = fopen(path, "w");
      if (!file) {
        perror(path);
        exit(1);
      }
      fputs(texts[i].pData, file);
      fclose(file);
    }
    free(texts[i].pData);
  }
}

static void print_statistics(VkDevice device, const VkPipelineExecutableInfoKHR *which, const char *gpu, const char *name) {
  PFN_vkGetPipelineExecutableStatisticsKHR get =
      (PFN_vkGetPipelineExecutableStatisticsKHR)vkGetDeviceProcAddr(device, "vkGetPipelineExecutableStatisticsKHR");
  VkPipelineExecutableStatisticKHR numbers[MOST];
  for (int i = 0; i < MOST; i++) numbers[i] = (VkPipelineExecutableStatisticKHR){VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_STATISTIC_KHR};
  uint32_t count = MOST;
  check(get(device, which, &count, numbers), "vkGetPipelineExecutableStatisticsKHR");
  printf("{\"name\": \"%s\", \"gpu\": \"%s\"", name, gpu);
  for (uint32_t i = 0; i < count; i++) {
    // Hashes are beyond what a JSON number holds.
    if (strstr(numbers[i].name, "ash")) continue;
    printf(", \"%s\": %llu", numbers[i].name, (unsigned long long)numbers[i].value.u64);
  }
  printf("}\n");
  fflush(stdout);
}

static void compile(VkDevice device, const char *gpu, const char *folder, const char *path) {
  size_t bytes;
  uint32_t *words = load(path, &bytes);
  const char *entry = "main";
  VkPipelineLayout layout = make_layout(device, words, bytes / 4, &entry);
  VkShaderModuleCreateInfo module_info = {VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO, .codeSize = bytes, .pCode = words};
  VkShaderModule module;
  check(vkCreateShaderModule(device, &module_info, 0, &module), "vkCreateShaderModule");
  VkComputePipelineCreateInfo info = {
      VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO,
      .flags = VK_PIPELINE_CREATE_CAPTURE_STATISTICS_BIT_KHR | VK_PIPELINE_CREATE_CAPTURE_INTERNAL_REPRESENTATIONS_BIT_KHR,
      .stage = {VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO, .stage = VK_SHADER_STAGE_COMPUTE_BIT, .module = module, .pName = entry},
      .layout = layout};
  VkPipeline pipeline;
  check(vkCreateComputePipelines(device, 0, 1, &info, 0, &pipeline), path);
  VkPipelineExecutableInfoKHR which = {VK_STRUCTURE_TYPE_PIPELINE_EXECUTABLE_INFO_KHR, .pipeline = pipeline};
  char name[1024];
  const char *base = strrchr(path, '/');
  snprintf(name, sizeof name, "%s", base ? base + 1 : path);
  char *end = strrchr(name, '.');
  if (end) *end = 0;
  print_statistics(device, &which, gpu, name);
  write_assembly(device, &which, folder, name);
  vkDestroyPipeline(device, pipeline, 0);
  vkDestroyShaderModule(device, module, 0);
  free(words);
}

int main(int argc, char **argv) {
  if (argc < 3) {
    fprintf(stderr, "compile FOLDER FILE.spv ...\n");
    return 2;
  }
  VkApplicationInfo application = {VK_STRUCTURE_TYPE_APPLICATION_INFO, .apiVersion = VK_API_VERSION_1_3};
  VkInstanceCreateInfo info = {VK_STRUCTURE_TYPE_INSTANCE_CREATE_INFO, .pApplicationInfo = &application};
  VkInstance instance;
  check(vkCreateInstance(&info, 0, &instance), "vkCreateInstance");
  uint32_t count = 1;
  VkPhysicalDevice gpu;
  if (vkEnumeratePhysicalDevices(instance, &count, &gpu) < 0 || count == 0) {
    fprintf(stderr, "the driver offers no device\n");
    return 1;
  }
  VkPhysicalDeviceDriverProperties driver = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_DRIVER_PROPERTIES};
  VkPhysicalDeviceProperties2 properties = {VK_STRUCTURE_TYPE_PHYSICAL_DEVICE_PROPERTIES_2, .pNext = &driver};
  vkGetPhysicalDeviceProperties2(gpu, &properties);
  printf("{\"driver\": \"%s\", \"gpu\": \"%s\"}\n", driver.driverInfo, properties.properties.deviceName);
  VkDevice device = make_device(gpu);
  for (int i = 2; i < argc; i++) compile(device, properties.properties.deviceName, argv[1], argv[i]);
  return 0;
}
