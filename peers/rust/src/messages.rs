//! The types that the harness tells, and messages that are made from them at run time.

use std::collections::HashMap;

use prost_reflect::{DescriptorError, DescriptorPool, MethodDescriptor};

use crate::manage::DESCRIPTORS;

/// Methods by path: "/Manage/PickOne". They do not change.
pub struct Types(HashMap<String, MethodDescriptor>);

impl Types {
    /// The types of a serialized `FileDescriptorSet`, and those of the plain service.
    /// The error tells what does not hold together.
    pub fn parse(files: &[u8]) -> Result<Self, DescriptorError> {
        let mut types = Self::plain();
        types.add(&DescriptorPool::decode(files)?);
        Ok(types)
    }

    /// The types of the plain service.
    pub fn plain() -> Self {
        let mut types = Self(HashMap::new());
        types.add(&DescriptorPool::decode(DESCRIPTORS).expect("the build made them"));
        types
    }

    fn add(&mut self, pool: &DescriptorPool) {
        for method in pool
            .services()
            .flat_map(|service| service.methods().collect::<Vec<_>>())
        {
            self.0.insert(path(&method), method);
        }
    }

    /// The method of a path.
    pub fn method(&self, path: &str) -> Option<&MethodDescriptor> {
        self.0.get(path)
    }

    /// All of them.
    pub fn methods(&self) -> impl Iterator<Item = &MethodDescriptor> {
        self.0.values()
    }
}

/// The path of a method.
pub fn path(method: &MethodDescriptor) -> String {
    format!("/{}/{}", method.parent_service().full_name(), method.name())
}
