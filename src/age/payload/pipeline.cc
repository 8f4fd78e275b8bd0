#include "age/payload/pipeline.h"

#include "age/payload/engine.h"

namespace sealift::age {

Pipeline::Pipeline(unsigned workers) : engine_(std::make_unique<internal::Engine>(workers)) {}
Pipeline::Pipeline(Pipeline&&) noexcept = default;
Pipeline::~Pipeline() = default;

}  // namespace sealift::age
