// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bad driver of the lab: holds pages of a process where they are, CMA
 * included, and tells nobody. Test-only; README.md has the commands.
 *
 * It pins without FOLL_LONGTERM, as drivers did that were written before the
 * flag, and takes plain references (FOLL_GET), as vmsplice() does. Both leave
 * a page in CMA, where it then cannot be migrated. And it pins with the flag, as
 * drivers should.
 *
 * And the driver that suffers from it: one that asks for a contiguous buffer.
 */
#include <linux/capability.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pagemap.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#define MAX_PAGES 65536
#define MAX_COMMAND 128
#define MAX_SLOTS 1024

enum kind {
	PIN,	  /* FOLL_PIN */
	LONGTERM, /* and FOLL_LONGTERM: the kernel moves the page out of CMA, or should */
	GET,	  /* FOLL_GET */
	LOCK,	  /* and locked: whoever migrates it waits */
};

static const char *const kinds[] = {
	[PIN] = "pin",
	[LONGTERM] = "longterm",
	[GET] = "get",
	[LOCK] = "lock",
};

/**
 * struct hold - pages held by one command
 * @node:     in holds
 * @owner:    descriptor that it ends with; NULL if it outlives that
 * @timeout:  ends it, if it was asked for
 * @kind:     how
 * @nr_pages: pages in @pages
 * @pages:    the pages
 */
struct hold {
	struct list_head node;
	struct file *owner;
	struct delayed_work timeout;
	enum kind kind;
	unsigned long nr_pages;
	struct page *pages[];
};

static DEFINE_MUTEX(holds_lock); /* guards holds */
static LIST_HEAD(holds);
static struct workqueue_struct *timeouts;
static struct platform_device *camera;	 /* in name only: never transfers a byte */
static struct platform_device *squatter; /* has the name of another's device */
static DEFINE_MUTEX(slots_lock);	 /* guards slots */
static struct buffer *slots[MAX_SLOTS];

static bool is_pin(enum kind kind)
{
	return kind == PIN || kind == LONGTERM;
}

static void put_pages(struct hold *hold, long nr_pages)
{
	long i;

	if (is_pin(hold->kind)) {
		unpin_user_pages(hold->pages, nr_pages);
		return;
	}
	for (i = 0; i < nr_pages; i++)
		put_page(hold->pages[i]);
}

static void hold_free(struct hold *hold)
{
	long i;

	for (i = 0; hold->kind == LOCK && i < hold->nr_pages; i++)
		unlock_page(hold->pages[i]);
	put_pages(hold, hold->nr_pages);
	kvfree(hold);
}

/* Whoever takes a hold off the list frees it: here, or in release_matching(). */
static void timeout_expired(struct work_struct *work)
{
	struct hold *hold = container_of(to_delayed_work(work), struct hold, timeout);
	bool is_ours;

	mutex_lock(&holds_lock);
	is_ours = !list_empty(&hold->node);
	list_del_init(&hold->node);
	mutex_unlock(&holds_lock);
	if (is_ours)
		hold_free(hold);
}

enum scope {
	OF_OWNER,	   /* what ends with the descriptor */
	OF_OWNER_AND_KEPT, /* and what outlives any descriptor */
	ALL,
};

static struct hold *take_matching(enum scope scope, const struct file *owner)
{
	struct hold *hold;

	mutex_lock(&holds_lock);
	list_for_each_entry(hold, &holds, node) {
		if (scope == ALL || hold->owner == owner ||
		    (scope == OF_OWNER_AND_KEPT && !hold->owner)) {
			list_del_init(&hold->node);
			mutex_unlock(&holds_lock);
			return hold;
		}
	}
	mutex_unlock(&holds_lock);
	return NULL;
}

static void release_matching(enum scope scope, const struct file *owner)
{
	struct hold *hold;

	while ((hold = take_matching(scope, owner))) {
		cancel_delayed_work_sync(&hold->timeout);
		hold_free(hold);
	}
}

static int hold_pages(struct file *owner, enum kind kind, unsigned long addr,
		      unsigned long nr_pages, unsigned int timeout_ms)
{
	struct hold *hold;
	unsigned long i;
	int nr_held;

	if (!nr_pages || nr_pages > MAX_PAGES || !PAGE_ALIGNED(addr))
		return -EINVAL;
	hold = kvzalloc(struct_size(hold, pages, nr_pages), GFP_KERNEL);
	if (!hold)
		return -ENOMEM;
	hold->owner = owner;
	hold->kind = kind;
	hold->nr_pages = nr_pages;
	INIT_DELAYED_WORK(&hold->timeout, timeout_expired);

	/* FOLL_WRITE, so that copy on write happens now and not later */
	if (is_pin(kind))
		nr_held = pin_user_pages_fast(addr, nr_pages,
					      FOLL_WRITE | (kind == LONGTERM ? FOLL_LONGTERM : 0),
					      hold->pages);
	else
		nr_held = get_user_pages_fast(addr, nr_pages, FOLL_WRITE, hold->pages);
	if (nr_held != nr_pages) {
		put_pages(hold, max(nr_held, 0));
		kvfree(hold);
		return nr_held < 0 ? nr_held : -EFAULT;
	}
	for (i = 0; kind == LOCK && i < nr_pages; i++)
		lock_page(hold->pages[i]);

	mutex_lock(&holds_lock);
	list_add_tail(&hold->node, &holds);
	if (timeout_ms)
		queue_delayed_work(timeouts, &hold->timeout, msecs_to_jiffies(timeout_ms));
	mutex_unlock(&holds_lock);
	return 0;
}

/*
 * A buffer from the default CMA area, the way a driver gets one when it starts,
 * and given back at once. Where CMA fails the page allocator is asked, so only
 * more than that ever gives out says something about CMA.
 */
static int try_buffer(unsigned long nr_pages)
{
	size_t size = nr_pages << PAGE_SHIFT;
	dma_addr_t dma;
	void *buffer;

	if (!nr_pages || size >> PAGE_SHIFT != nr_pages)
		return -EINVAL;
	buffer = dma_alloc_attrs(&camera->dev, size, &dma, GFP_KERNEL | __GFP_NORETRY,
				 DMA_ATTR_NO_KERNEL_MAPPING);
	if (!buffer)
		return -ENOMEM;
	dma_free_attrs(&camera->dev, size, buffer, dma, DMA_ATTR_NO_KERNEL_MAPPING);
	return 0;
}

/* A buffer of CMA, as a driver or a dma-heap has it: its pages are on no LRU list. */
struct buffer {
	struct page *page;
	dma_addr_t dma;
	size_t size;
};

static noinline struct buffer *make_buffer(size_t size)
{
	struct buffer *buffer = kzalloc(sizeof(*buffer), GFP_KERNEL);

	if (!buffer)
		return NULL;
	buffer->size = size;
	buffer->page = dma_alloc_attrs(&camera->dev, size, &buffer->dma, GFP_KERNEL | __GFP_NORETRY,
				       DMA_ATTR_NO_KERNEL_MAPPING);
	if (buffer->page)
		return buffer;
	kfree(buffer);
	return NULL;
}

static void free_buffer(struct buffer *buffer)
{
	if (!buffer)
		return;
	dma_free_attrs(&camera->dev, buffer->size, buffer->page, buffer->dma,
		       DMA_ATTR_NO_KERNEL_MAPPING);
	kfree(buffer);
}

/*
 * A driver that keeps some buffers: a new one in @slot in place of what it had there. It loses
 * one by never using its slot again.
 */
static noinline int fill_slot(unsigned long slot, unsigned long nr_pages)
{
	size_t size = nr_pages << PAGE_SHIFT;
	int err = 0;

	if (slot >= ARRAY_SIZE(slots) || size >> PAGE_SHIFT != nr_pages)
		return -EINVAL;
	mutex_lock(&slots_lock);
	free_buffer(slots[slot]);
	slots[slot] = nr_pages ? make_buffer(size) : NULL;
	if (nr_pages && !slots[slot])
		err = -ENOMEM;
	mutex_unlock(&slots_lock);
	return err;
}

#ifdef ACR_FLAGS_CMA /* 7.2 */
#define OF_CMA ACR_FLAGS_CMA
#else
#define OF_CMA MIGRATE_CMA
#endif

/*
 * These very pages, and back again, without the lock by which one cma_alloc() waits for
 * another: as memory hot-unplug and gigantic pages do.
 */
static int take_range(unsigned long pfn, unsigned long nr_pages)
{
#ifdef CONFIG_CMA
	int err = alloc_contig_range(pfn, pfn + nr_pages, OF_CMA, GFP_KERNEL);

	if (!err)
		free_contig_range(pfn, nr_pages);
	return err;
#else
	return -EOPNOTSUPP;
#endif
}

/*
 * A block of pages, asked for as an interrupt handler does, and given back at once. If the low
 * watermark fails, the kernel keeps the pageblock that it comes from for such requests: the
 * HIGHATOMIC reserve. Nothing else makes one.
 */
static int take_atomic(unsigned int order)
{
	struct page *page;

	if (order > pageblock_order)
		return -EINVAL;
	page = alloc_pages(GFP_ATOMIC | __GFP_NOWARN, order);
	if (!page)
		return -ENOMEM;
	__free_pages(page, order);
	return 0;
}

/* A name that the helper module wants for a device of its own. */
static int take_name(void)
{
	if (!IS_ERR_OR_NULL(squatter))
		return 0;
	squatter = platform_device_register_simple("ltpin-area", 0, NULL, 0);
	return PTR_ERR_OR_ZERO(squatter);
}

/* What a debug kernel is there to find. */
static int make_mistake(const char *which)
{
	static DEFINE_SPINLOCK(lock);

	if (!strcmp(which, "leak"))
		return kmalloc(4096, GFP_KERNEL) ? 0 : -ENOMEM;
	if (strcmp(which, "sleep"))
		return -EINVAL;
	spin_lock(&lock);
	msleep(1);
	spin_unlock(&lock);
	return 0;
}

/* "[keep] [for MS]" */
static int parse_options(char *text, bool *keep, unsigned int *timeout_ms)
{
	char *word;

	while ((word = strsep(&text, " "))) {
		if (!*word)
			continue;
		if (!strcmp(word, "keep")) {
			*keep = true;
			continue;
		}
		if (strcmp(word, "for"))
			return -EINVAL;
		word = strsep(&text, " ");
		if (!word || kstrtouint(word, 0, timeout_ms))
			return -EINVAL;
	}
	return 0;
}

/*
 * "pin|longterm|get|lock ADDR NR [keep] [for MS]", "release", "alloc NR", "atomic ORDER",
 * "take PFN NR", "squat" or "mistake leak|sleep"
 */
static int run_command(struct file *file, char *text)
{
	unsigned long addr, nr_pages;
	unsigned int timeout_ms = 0;
	bool keep = false;
	int used = 0, kind, err;
	char verb[9];

	text = strim(text);
	if (!strcmp(text, "release")) {
		release_matching(OF_OWNER_AND_KEPT, file);
		return 0;
	}
	if (!strcmp(text, "squat"))
		return take_name();
	if (str_has_prefix(text, "mistake "))
		return make_mistake(text + strlen("mistake "));
	if (sscanf(text, "alloc %li%n", &nr_pages, &used) == 1 && !text[used])
		return try_buffer(nr_pages);
	if (sscanf(text, "atomic %li%n", &nr_pages, &used) == 1 && !text[used])
		return take_atomic(nr_pages);
	if (sscanf(text, "%8s %li %li%n", verb, &addr, &nr_pages, &used) < 3)
		return -EINVAL;
	if (!strcmp(verb, "take"))
		return text[used] ? -EINVAL : take_range(addr, nr_pages);
	if (!strcmp(verb, "buffer"))
		return text[used] ? -EINVAL : fill_slot(addr, nr_pages);
	kind = match_string(kinds, ARRAY_SIZE(kinds), verb);
	if (kind < 0)
		return kind;
	err = parse_options(text + used, &keep, &timeout_ms);
	if (err)
		return err;
	return hold_pages(keep ? NULL : file, kind, addr, nr_pages, timeout_ms);
}

static ssize_t blocker_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	char text[MAX_COMMAND];
	int err;

	if (len >= sizeof(text))
		return -EINVAL;
	if (copy_from_user(text, from, len))
		return -EFAULT;
	text[len] = '\0';
	err = run_command(file, text);
	return err ? err : len;
}

/* The device is 0600; the capability keeps a passed descriptor harmless. */
static int blocker_open(struct inode *inode, struct file *file)
{
	file->private_data = NULL;
	return capable(CAP_SYS_ADMIN) ? 0 : -EPERM;
}

static vm_fault_t buffer_fault(struct vm_fault *vmf)
{
	struct buffer *buffer = vmf->vma->vm_file->private_data;

	if (vmf->pgoff >= buffer->size >> PAGE_SHIFT)
		return VM_FAULT_SIGBUS;
	vmf->page = buffer->page + vmf->pgoff;
	get_page(vmf->page);
	return 0;
}

static const struct vm_operations_struct buffer_ops = { .fault = buffer_fault };

/* The first mapping makes it, and it goes with the file. */
static int blocker_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct buffer *buffer = file->private_data;

	if (buffer)
		return -EBUSY;
	buffer = make_buffer(vma->vm_end - vma->vm_start);
	if (!buffer)
		return -ENOMEM;
	file->private_data = buffer;
	vma->vm_ops = &buffer_ops;
	return 0;
}

static int blocker_release(struct inode *inode, struct file *file)
{
	release_matching(OF_OWNER, file);
	free_buffer(file->private_data);
	return 0;
}

static const struct file_operations blocker_fops = {
	.owner = THIS_MODULE,
	.open = blocker_open,
	.write = blocker_write,
	.mmap = blocker_mmap,
	.release = blocker_release,
};

static struct miscdevice blocker = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "blocker",
	.fops = &blocker_fops,
	.mode = 0600,
};

static int __init blocker_init(void)
{
	int err;

	camera = platform_device_register_simple("blocker", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(camera))
		return PTR_ERR(camera);
	err = dma_set_mask_and_coherent(&camera->dev, DMA_BIT_MASK(64));
	if (err)
		goto unregister;
	err = -ENOMEM;
	timeouts = alloc_workqueue("blocker", 0, 0);
	if (!timeouts)
		goto unregister;
	err = misc_register(&blocker);
	if (!err)
		return 0;
	destroy_workqueue(timeouts);
unregister:
	platform_device_unregister(camera);
	return err;
}

static void __exit blocker_exit(void)
{
	size_t slot;

	misc_deregister(&blocker);
	release_matching(ALL, NULL);
	for (slot = 0; slot < ARRAY_SIZE(slots); slot++)
		free_buffer(slots[slot]);
	if (!IS_ERR_OR_NULL(squatter))
		platform_device_unregister(squatter);
	platform_device_unregister(camera);
	destroy_workqueue(timeouts); /* waits for a timeout that just expired */
}

module_init(blocker_init);
module_exit(blocker_exit);

MODULE_DESCRIPTION("Test-only: holds pages of a process in place");
MODULE_AUTHOR("The ltpin authors");
MODULE_LICENSE("GPL v2");
